package ipoffice

import (
	"bytes"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// FS shows the files of a system as an fs.FS of one folder, as a local requester
// receives them: the static ones, and the generated ones where no static one
// takes their place. A file is generated when it is opened.
type FS struct {
	Config Config
	Static fs.FS // may be nil
}

// Open opens a file, or the folder ".".
func (f FS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if name == "." {
		entries, err := f.listFolder()
		return &folder{entries: entries}, err
	}
	if !isPlainName(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	cfg := f.Config
	text, err := fileContent(&cfg, f.Static, Requester{}, name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &file{info: info{name: name, size: int64(len(text))}, Reader: bytes.NewReader(text)}, nil
}

// listFolder lists the folder in order of names.
func (f FS) listFolder() ([]fs.DirEntry, error) {
	names := []string{SettingsFile}
	if f.Config.Specials != nil {
		names = append(names, SpecialsFile)
	}
	if f.Static != nil {
		static, err := fs.ReadDir(f.Static, ".")
		if err != nil {
			return nil, err
		}
		for _, e := range static {
			if isPlainName(e.Name()) && e.Type().IsRegular() && !slices.Contains(names, e.Name()) {
				names = append(names, e.Name())
			}
		}
	}
	slices.SortFunc(names, strings.Compare)
	var entries []fs.DirEntry
	for _, name := range names {
		opened, err := f.Open(name)
		if err != nil {
			return nil, err
		}
		stat, err := opened.Stat()
		if err != nil {
			return nil, err
		}
		entries = append(entries, fs.FileInfoToDirEntry(stat))
	}
	return entries, nil
}

// info describes a file; it has no time, since it is made on demand.
type info struct {
	name string
	size int64
	mode fs.FileMode
}

func (i info) Name() string      { return i.name }
func (i info) Size() int64       { return i.size }
func (i info) Mode() fs.FileMode { return i.mode | 0o444 }
func (info) ModTime() time.Time  { return time.Time{} }
func (i info) IsDir() bool       { return i.mode.IsDir() }
func (info) Sys() any            { return nil }

type file struct {
	info
	*bytes.Reader
}

func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *file) Size() int64                { return f.size }
func (f *file) Close() error               { return nil }

// folder is the one folder; ReadDir hands out its entries in portions.
type folder struct {
	entries []fs.DirEntry
	next    int
}

func (d *folder) Stat() (fs.FileInfo, error) { return info{name: ".", mode: fs.ModeDir | 0o111}, nil }
func (d *folder) Close() error               { return nil }
func (d *folder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: ".", Err: fs.ErrInvalid}
}

func (d *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := d.entries[d.next:]
	if n > 0 && len(rest) == 0 {
		return nil, io.EOF
	}
	if n > 0 && n < len(rest) {
		rest = rest[:n]
	}
	d.next += len(rest)
	return slices.Clone(rest), nil
}
