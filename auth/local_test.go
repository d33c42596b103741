package auth

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"

	"github.com/ctikit/ctikit"
)

func authenticate(t testing.TB, l *Local, user, password string) Answer {
	t.Helper()
	return l.Authenticate(t.Context(), Request{Attempt: attempt(user, password), User: user})
}

func TestLocalPassword(t *testing.T) {
	l, store := newLocal(t, nil)
	require.NoError(t, l.SetPassword(t.Context(), "alice", ctikit.NewSecret("correct horse"), false))
	require.Equal(t, Answer{Verdict: Accepted}, authenticate(t, l, "alice", "correct horse"))
	require.Equal(t, ReasonWrongPassword, authenticate(t, l, "alice", "Correct horse").Reason)
	require.Equal(t, ReasonUnknownUser, authenticate(t, l, "bob", "correct horse").Reason)
	require.Equal(t, ReasonUnknownUser, authenticate(t, l, "", "correct horse").Reason)
	raw, err := store.Get(t.Context(), "account/alice")
	require.NoError(t, err)
	require.NotContains(t, string(raw), "correct")
	require.Contains(t, string(raw), "$argon2id$v=19$m=64,t=1,p=1$")

	require.NoError(t, l.Remove(t.Context(), "alice"))
	require.NoError(t, l.Remove(t.Context(), "alice"))
	require.Equal(t, ReasonUnknownUser, authenticate(t, l, "alice", "correct horse").Reason)
}

func TestPasswordsThatMayNotBeSet(t *testing.T) {
	l, _ := newLocal(t, nil)
	for password, complaint := range map[string]string{
		"":                         "shorter than 8",
		"short":                    "shorter than 8",
		"        ":                 "blanks",
		"nul\x00inside":            "control",
		"\xff\xfe\xfd\xfc\xfb\xfa": "UTF-8",
		"administrator":            "user name",
		string(make([]byte, 2000)): "longer than 1024",
	} {
		err := l.SetPassword(t.Context(), "Administrator", ctikit.NewSecret(password), false)
		require.ErrorIs(t, err, ErrPassword)
		require.ErrorContains(t, err, complaint)
	}
	require.NoError(t, l.SetPassword(t.Context(), "alice", ctikit.NewSecret("éèàùçœæß"), false), "characters count, not bytes")
	require.Error(t, l.SetPassword(t.Context(), "", ctikit.NewSecret("correct horse"), false))
}

func TestFirstUseChange(t *testing.T) {
	c, l := withPassword(t, Config{})
	require.NoError(t, l.SetPassword(t.Context(), "bob", ctikit.NewSecret("given by admin"), true))
	_, err := c.SignIn(t.Context(), attempt("bob", "given by admin"))
	require.ErrorIs(t, err, ErrPasswordChange)
	_, err = c.SignIn(t.Context(), attempt("bob", "guess"))
	require.NotErrorIs(t, err, ErrPasswordChange, "who guesses is not told that the change is due")

	require.ErrorIs(t, c.ChangePassword(t.Context(), attempt("bob", "given by admin"), ctikit.NewSecret("given by admin")), ErrPassword)
	require.ErrorIs(t, c.ChangePassword(t.Context(), attempt("bob", "given by admin"), ctikit.NewSecret("x")), ErrPassword)
	require.ErrorIs(t, c.ChangePassword(t.Context(), attempt("bob", "guess"), ctikit.NewSecret("chosen by bob")), ErrRefused)
	require.NoError(t, c.ChangePassword(t.Context(), attempt("bob", "given by admin"), ctikit.NewSecret("chosen by bob")))
	_, err = c.SignIn(t.Context(), attempt("bob", "chosen by bob"))
	require.NoError(t, err)
}

func TestImportedHashesAreRehashed(t *testing.T) {
	old, err := bcrypt.GenerateFromPassword([]byte("from elsewhere"), bcrypt.MinCost)
	require.NoError(t, err)
	for name, hash := range map[string]string{
		"bcrypt 2a": string(old),
		"bcrypt 2y": "$2y$" + string(old[4:]),
		"argon2id":  newArgonHash("from elsewhere", Cost{Memory: 128, Time: 2, Threads: 2}).String(),
	} {
		t.Run(name, func(t *testing.T) {
			l, store := newLocal(t, nil)
			require.NoError(t, l.Import(t.Context(), "alice", hash))
			require.Equal(t, Rejected, authenticate(t, l, "alice", "from nowhere").Verdict)
			require.Equal(t, Accepted, authenticate(t, l, "alice", "from elsewhere").Verdict)
			raw, err := store.Get(t.Context(), "account/alice")
			require.NoError(t, err)
			require.Contains(t, string(raw), "$argon2id$v=19$m=64,t=1,p=1$")
			require.Equal(t, Accepted, authenticate(t, l, "alice", "from elsewhere").Verdict)
		})
	}
}

// TestBcryptCutsAt72 keeps the meaning of imported hashes of long passwords, and
// does not turn bytes that were never checked into the password.
func TestBcryptCutsAt72(t *testing.T) {
	long := "0123456789012345678901234567890123456789012345678901234567890123456789xy tail"
	old, err := bcrypt.GenerateFromPassword([]byte(long[:72]), bcrypt.MinCost)
	require.NoError(t, err)
	l, store := newLocal(t, nil)
	require.NoError(t, l.Import(t.Context(), "alice", string(old)))
	require.Equal(t, Accepted, authenticate(t, l, "alice", long[:72]+" another tail").Verdict)
	raw, err := store.Get(t.Context(), "account/alice")
	require.NoError(t, err)
	require.Contains(t, string(raw), string(old))
}

// TestPHCAgainstArgon2 checks our reading of the format against the function
// itself, and one published vector (phc-winner-argon2's test suite).
func TestPHC(t *testing.T) {
	h, err := parseArgonHash("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")
	require.NoError(t, err)
	require.Equal(t, "somesalt", string(h.salt))
	require.True(t, h.matches("password"))
	require.False(t, h.matches("differentpassword"))
	require.Equal(t, argon2.IDKey([]byte("password"), []byte("somesalt"), 2, 256, 1, 32), h.key)
	again, err := parseArgonHash(h.String())
	require.NoError(t, err)
	require.Equal(t, h, again)
}

func FuzzPasswordHash(f *testing.F) {
	f.Add(newArgonHash("x", cheap).String())
	f.Add("$argon2id$v=19$m=4294967295,t=4294967295,p=255$c29tZXNhbHQ$c29tZXNhbHRzb21lc2FsdA")
	f.Add("$2a$04$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyzabcdefg")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := parseArgonHash(text)
		if err == nil {
			require.NoError(t, h.cost.checkBounds(), "what is taken is within bounds")
			require.Equal(t, text, h.String(), "one hash, one text")
		}
		if checkHash(text) == nil && isBcrypt(text) {
			_, err := bcrypt.Cost([]byte(text))
			require.NoError(t, err)
		}
	})
}

func TestRehashDoesNotUndoAChange(t *testing.T) {
	l, store := newLocal(t, nil)
	require.NoError(t, l.SetPassword(t.Context(), "alice", ctikit.NewSecret("old password"), false))
	a, raw, err := l.loadAccount(t.Context(), "alice")
	require.NoError(t, err)
	require.NoError(t, l.SetPassword(t.Context(), "alice", ctikit.NewSecret("new password"), false))
	l.upgradeHash(t.Context(), "alice", a, raw, ctikit.NewSecret("old password")) // a sign-in that began before
	require.Equal(t, Accepted, authenticate(t, l, "alice", "new password").Verdict)
	require.Equal(t, Rejected, authenticate(t, l, "alice", "old password").Verdict)
	require.ErrorIs(t, store.Swap(t.Context(), "account/alice", raw, nil), ctikit.ErrConflict)
}

func TestNewLocalMistakes(t *testing.T) {
	_, err := NewLocal(LocalConfig{Cost: Cost{Memory: 1 << 30, Time: 1, Threads: 1}, AtOnce: -1, MinLength: -1})
	for _, complaint := range []string{"store: missing", "cost: argon2id: m must be", "atOnce", "minLength"} {
		require.ErrorContains(t, err, complaint)
	}
	l, err := NewLocal(LocalConfig{Store: &MemoryStore{}})
	require.NoError(t, err)
	require.Equal(t, defaultCost, l.cfg.Cost)
}

func TestHasherQueueIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHasher(cheap, 1)
		h.maxWaiting = 2
		done, err := h.acquireTurn(t.Context())
		require.NoError(t, err)
		for range 2 {
			go func() {
				if free, err := h.acquireTurn(t.Context()); err == nil {
					time.Sleep(time.Second)
					free()
				}
			}()
		}
		synctest.Wait()
		_, err = h.acquireTurn(t.Context())
		require.ErrorIs(t, err, errBusy)
		done()
		time.Sleep(3 * time.Second)
		free, err := h.acquireTurn(t.Context())
		require.NoError(t, err, "the queue is empty again")
		free()
	})
}

func TestAccountsSection(t *testing.T) {
	key := ctikit.NewKeyring(ctikit.SealKeyOf([32]byte{1, 2, 3}))
	from, _ := newLocal(t, nil)
	require.NoError(t, from.SetPassword(t.Context(), "alice", ctikit.NewSecret("correct horse"), false))
	require.NoError(t, from.SetPassword(t.Context(), "bob", ctikit.NewSecret("battery staple"), true))
	data, items, err := from.Section(key).Export(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, items)
	require.NotContains(t, string(data), "argon2id", "sealed, not in clear")

	to, _ := newLocal(t, nil)
	require.NoError(t, to.SetPassword(t.Context(), "carol", ctikit.NewSecret("goes with the old"), false))
	items, err = to.Section(key).Import(t.Context(), ctikit.Import{Data: data, DryRun: true})
	require.NoError(t, err)
	require.Equal(t, 2, items)
	require.Equal(t, Accepted, authenticate(t, to, "carol", "goes with the old").Verdict, "a dry run changes nothing")
	_, err = to.Section(key).Import(t.Context(), ctikit.Import{Data: data})
	require.NoError(t, err)
	require.Equal(t, Accepted, authenticate(t, to, "alice", "correct horse").Verdict)
	require.Equal(t, ReasonPasswordChange, authenticate(t, to, "bob", "battery staple").Reason)
	require.Equal(t, ReasonUnknownUser, authenticate(t, to, "carol", "goes with the old").Reason)

	names, _, err := from.Section(nil).Export(t.Context())
	require.NoError(t, err)
	require.JSONEq(t, `[{"user":"alice"},{"user":"bob","mustChange":true}]`, string(names))
	_, err = from.Section(nil).Import(t.Context(), ctikit.Import{Data: []byte(`[{"user":"alice"},{"user":"bob"}]`)})
	require.NoError(t, err)
	require.Equal(t, ReasonPasswordChange, authenticate(t, from, "bob", "battery staple").Reason, "an import does not lift it")

	for doc, complaint := range map[string]string{
		`[{"user":"dave"}]`:                           `[0].hash: missing, and no password of "dave"`,
		`[{"user":"alice","hash":"[redacted]"}]`:      "[0].hash:",
		`[{"user":"alice","hash":"$argon2id$v=19$"}]`: "[0].hash:",
		`[{"user":""}]`:                               "[0].user: no user",
		`[{"user":"alice"},{"user":"alice"}]`:         `[1].user: duplicate "alice"`,
		`[{"user":"alice","admin":true}]`:             "[0].admin: unknown field",
		`[{"user":7},{"hash":true}]`:                  "[0].user: must be a string, got a number\n[1].hash: must be a string, got true",
		`{`:                                           "line 1",
	} {
		_, err := from.Section(key).Import(t.Context(), ctikit.Import{Data: []byte(doc)})
		require.ErrorContains(t, err, complaint, doc)
		require.NotContains(t, err.Error(), "accounts", "paths are those in the part")
		require.ErrorIs(t, err, ctikit.ErrInvalid, doc)
		require.Equal(t, Accepted, authenticate(t, from, "alice", "correct horse").Verdict)
	}
}
