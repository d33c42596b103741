package bench

import (
	"encoding/base64"
	"fmt"
	"iter"
	"runtime"
	"sync"
	"testing"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	"github.com/ctikit/ctikit"
	"github.com/ctikit/ctikit/auth"
	"github.com/ctikit/ctikit/auth/rights"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/argon2"
)

// rightsCity is 10,000 users, each in one of 500 groups.
type rightsCity struct{}

const (
	cityUsers  = 10_000
	cityGroups = 500
	cityGrants = 5_000
)

func (rightsCity) Users() iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		for u := range cityUsers {
			if !yield(cityUser(u), true) {
				return
			}
		}
	}
}
func (rightsCity) Groups(user string) []string {
	var u int
	fmt.Sscanf(user, "user%d", &u)
	return []string{cityGroup(u)}
}
func (rightsCity) Company(string) string { return "acme" }

func cityUser(u int) string  { return fmt.Sprintf("user%05d", u%cityUsers) }
func cityGroup(g int) string { return fmt.Sprintf("group%03d", g%cityGroups) }
func cityObject(i int) string {
	return fmt.Sprintf("dir%04d", i)
}

// BenchmarkCan asks the same questions of auth/rights and of casbin, the
// authorisation library of most Go programs, with the same 5,000 grants.
func BenchmarkCan(b *testing.B) {
	set, err := rights.New(rights.Config{Subjects: rightsCity{}})
	require.NoError(b, err)
	var grants []rights.Grant
	for i := range cityGrants {
		grants = append(grants, rights.Grant{To: rights.Group(cityGroup(i)), On: rights.Object{Type: rights.Directory, ID: cityObject(i)}})
	}
	require.NoError(b, set.Grant(grants...))
	enforcer := casbinOf(b)
	for i := range 20 {
		user, object := cityUser(i*501), cityObject(i)
		allowed, err := enforcer.Enforce(user, object, "see")
		require.NoError(b, err)
		require.Equal(b, allowed, set.Can(user, rights.Directory, object), "both answer alike")
	}

	var users, objects [64]string
	for i := range users {
		users[i], objects[i] = cityUser(i*157), cityObject(i*79%cityGrants)
	}
	b.Run("rights", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			set.Can(users[i%64], rights.Directory, objects[i%64])
		}
	})
	b.Run("casbin", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if _, err := enforcer.Enforce(users[i%64], objects[i%64], "see"); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func casbinOf(b *testing.B) *casbin.Enforcer {
	b.Helper()
	m, err := model.NewModelFromString(`
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.obj == p.obj && r.act == p.act && g(r.sub, p.sub)
`)
	require.NoError(b, err)
	enforcer, err := casbin.NewEnforcer(m)
	require.NoError(b, err)
	for i := range cityGrants {
		_, err := enforcer.AddPolicy(cityGroup(i), cityObject(i), "see")
		require.NoError(b, err)
	}
	var members [][]string
	for u := range cityUsers {
		members = append(members, []string{cityUser(u), cityGroup(u)})
	}
	_, err = enforcer.AddGroupingPolicies(members)
	require.NoError(b, err)
	return enforcer
}

// BenchmarkSignIns is 200 sign-ins at the same time, and the memory that they
// take: each hash needs 19 MiB.
func BenchmarkSignIns(b *testing.B) {
	const atOnce = 200
	local, err := auth.NewLocal(auth.LocalConfig{Store: &auth.MemoryStore{}})
	require.NoError(b, err)
	salt, text := []byte("0123456789abcdef"), base64.RawStdEncoding.EncodeToString
	hash := fmt.Sprintf("$argon2id$v=19$m=19456,t=2,p=1$%s$%s", text(salt), text(argon2.IDKey([]byte("correct horse"), salt, 2, 19456, 1, 32)))
	for i := range atOnce {
		require.NoError(b, local.Import(b.Context(), cityUser(i), hash))
	}
	everyone, err := auth.New(auth.Config{Users: anybody{}, Default: string(auth.TWS), Methods: map[auth.Method]auth.Authenticator{auth.TWS: local}})
	require.NoError(b, err)
	runtime.GC()
	stop := peak()
	for b.Loop() {
		var all sync.WaitGroup
		for i := range atOnce {
			all.Go(func() {
				_, err := everyone.SignIn(b.Context(), auth.Attempt{Login: cityUser(i), Password: ctikit.NewSecret("correct horse"), Remote: fmt.Sprintf("192.0.2.%d:1", i)})
				assert.NoError(b, err)
			})
		}
		all.Wait()
	}
	b.ReportMetric(float64(stop())/(1<<20), "peak-MiB")
}

// anybody is a directory in which everybody is found.
type anybody struct{}

func (anybody) Find(name, _ string) (string, bool) { return name, true }
func (anybody) Enabled(string) bool                { return true }
