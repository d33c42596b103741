package main

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// benchmark is a top-level benchmark of the repository.
type benchmark struct {
	Folder string `json:"folder"` // of its package, with slashes
	Name   string `json:"name"`   // without "Benchmark"
}

func (b benchmark) String() string { return b.Folder + "." + b.Name }

// bundle is the test binaries of one commit that have benchmarks, each linked
// once with every seed of the linker's function layout.
type bundle struct {
	Commit     string      `json:"commit"`
	Seeds      []int       `json:"seeds"`
	Benchmarks []benchmark `json:"benchmarks"`

	dir string // where it is unpacked
}

// layoutSeeds are those of a bundle. Where the linker puts functions moves a
// time by up to 8 %, so one layout of each commit compares layouts.
var layoutSeeds = []int{1, 2, 3, 4}

const manifestName = "bundle.json"

// binary is the path of a test binary below the folder of a bundle.
func binary(folder string, seed int) string {
	return path.Join("bin", strconv.Itoa(seed), folder, "bench.test")
}

// writeBundle builds the working tree of root, or revision rev of it, into file.
func writeBundle(ctx context.Context, root, rev, file string, seeds []int, wanted *regexp.Regexp) (err error) {
	dir, err := os.MkdirTemp("", "figures-build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if rev != "" {
		tree := filepath.Join(dir, "tree")
		if _, err := git(ctx, root, "worktree", "add", "--detach", tree, rev); err != nil {
			return err
		}
		defer func() {
			_, removed := git(context.WithoutCancel(ctx), root, "worktree", "remove", "--force", tree)
			err = errors.Join(err, removed)
		}()
		root = tree
	}
	b := bundle{Seeds: seeds}
	if b.Commit, err = git(ctx, root, "describe", "--always", "--dirty", "--exclude", "*"); err != nil {
		return err
	}
	var carried []string
	if b.Benchmarks, carried, err = findBenchmarks(root, wanted); err != nil {
		return err
	}
	if len(b.Benchmarks) == 0 {
		return errors.New("no benchmark matches")
	}
	return b.pack(ctx, root, filepath.Join(dir, "bench.test"), file, carried)
}

// pack builds one test binary after the other and puts it into the archive.
func (b *bundle) pack(ctx context.Context, root, scratch, file string, carried []string) error {
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	defer out.Close()
	archive := zip.NewWriter(out)
	archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestSpeed)
	})
	manifest, err := json.Marshal(b)
	if err == nil {
		err = addEntry(archive, manifestName, manifest)
	}
	for _, name := range carried {
		if err == nil {
			err = addFile(archive, path.Join("tree", name), filepath.Join(root, name))
		}
	}
	for _, folder := range b.folders() {
		for _, seed := range b.Seeds {
			if err != nil {
				return err
			}
			fmt.Fprintf(os.Stderr, "building %s, layout %d\n", folder, seed)
			if err = buildTest(ctx, filepath.Join(root, folder), scratch, seed); err == nil {
				err = addFile(archive, binary(folder, seed), scratch)
			}
		}
	}
	if err != nil {
		return err
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return out.Close()
}

func (b *bundle) folders() (folders []string) {
	for _, each := range b.Benchmarks {
		folders = append(folders, each.Folder)
	}
	return slices.Compact(folders) // they are sorted
}

func buildTest(ctx context.Context, folder, file string, seed int) error {
	link := fmt.Sprintf("-ldflags=-randlayout=%d -s -w", seed)
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-o", file, link, ".")
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, out)
	}
	return nil
}

func git(ctx context.Context, root string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", strings.Join(args, " "), err, stderr.String())
	}
	return strings.TrimSpace(string(out)), nil
}

var benchmarkDecl = regexp.MustCompile(`(?m)^func Benchmark([\p{Lu}\d_]\w*)\(\w+ \*testing\.B\)`)

// findBenchmarks searches the tests of a repository, nested modules too. Its
// other result are the files that the tests find at run time: those of testdata
// beside a benchmark, and go.mod.
func findBenchmarks(root string, wanted *regexp.Regexp) (found []benchmark, carried []string, err error) {
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		switch rel = filepath.ToSlash(rel); {
		case d.IsDir() && rel != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return filepath.SkipDir
		case d.IsDir():
		case d.Name() == "go.mod":
			carried = append(carried, rel)
		case strings.HasSuffix(rel, "_test.go"):
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			for _, m := range benchmarkDecl.FindAllSubmatch(text, -1) {
				if b := (benchmark{path.Dir(rel), string(m[1])}); wanted.MatchString(b.String()) {
					found = append(found, b)
				}
			}
		}
		return nil
	})
	slices.SortFunc(found, func(a, b benchmark) int {
		return cmp.Or(strings.Compare(a.Folder, b.Folder), strings.Compare(a.Name, b.Name))
	})
	for i, b := range found {
		if err == nil && (i == 0 || found[i-1].Folder != b.Folder) {
			carried, err = appendFiles(carried, root, path.Join(b.Folder, "testdata"))
		}
	}
	return found, carried, err
}

// appendFiles appends the files below a folder, if there is one.
func appendFiles(list []string, root, folder string) ([]string, error) {
	err := filepath.WalkDir(filepath.Join(root, folder), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(root, name)
		list = append(list, filepath.ToSlash(rel))
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return list, err
}

func addFile(archive *zip.Writer, name, file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return addEntry(archive, name, data)
}

func addEntry(archive *zip.Writer, name string, data []byte) error {
	w, err := archive.Create(name)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// openBundle unpacks a bundle into dir.
func openBundle(file, dir string) (*bundle, error) {
	archive, err := zip.OpenReader(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	defer archive.Close()
	for _, entry := range archive.File {
		if err := unpackEntry(entry, dir); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	b := &bundle{dir: dir}
	manifest, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err == nil {
		err = json.Unmarshal(manifest, b)
	}
	if err == nil && len(b.Seeds) == 0 {
		err = errors.New("no test binaries")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: not made by -build: %w", file, err)
	}
	for _, folder := range b.folders() { // where its binary will run
		if err := os.MkdirAll(filepath.Join(dir, "tree", folder), 0o755); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func unpackEntry(entry *zip.File, dir string) error {
	if !filepath.IsLocal(entry.Name) {
		return fmt.Errorf("%q is outside the bundle", entry.Name)
	}
	in, err := entry.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	file := filepath.Join(dir, filepath.FromSlash(entry.Name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	out, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o755)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}
