package dissect

import (
	"encoding"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ctikit/ctikit/csta/internal/message"
	"github.com/ctikit/ctikit/cti"
)

// node is a field with a value, or with fields of its own.
type node struct {
	name  string
	value string
	nodes []node
	list  bool
}

// tree is what the message says.
func (p *PDU) tree() node {
	m := &p.message
	var part any
	switch m.Kind {
	case message.RequestKind:
		part = &m.Request
	case message.ResultKind:
		part = &m.Result
	case message.FailureKind:
		return node{name: "failure", value: m.Failure.String()}
	case message.RejectKind:
		return node{name: "reject", value: m.Reject.String()}
	case message.EventKind:
		part = &m.Event
	case message.AssociationKind:
		part = &m.Association
	}
	out := node{name: m.Kind.String()}
	if m.Unknown {
		out.nodes = []node{{name: "unknown", value: fmt.Sprint(m.Code)}, {name: "raw", value: m.Raw.String()}}
	} else if part != nil {
		out.nodes = append(impliedNodes(m), fieldNodes(reflect.ValueOf(part).Elem())...)
	}
	return out
}

// impliedNodes are values that are zero and say something all the same.
func impliedNodes(m *message.Message) []node {
	off := []node{{name: "On", value: "false"}}
	switch {
	case m.Kind == message.AssociationKind && m.Association.Step == message.Associate:
		return []node{{name: "Step", value: m.Association.Step.String()}}
	case m.Kind == message.AssociationKind && m.Association.Step == message.Associated &&
		m.Association.Result == message.Accepted:
		return []node{{name: "Result", value: m.Association.Result.String()}}
	case m.Kind == message.EventKind && m.Event.Kind.Class() == cti.FeatureClass && !m.Event.Feature.On,
		m.Kind == message.RequestKind && switches[m.Request.Op] && !m.Request.On,
		m.Kind == message.ResultKind && switches[m.Result.Op] && !m.Result.On:
		return off
	}
	return nil
}

// switches are the services that turn something on or off, or tell which it is.
var switches = map[message.Operation]bool{
	message.SetDoNotDisturb: true, message.GetDoNotDisturb: true, message.SetForwarding: true,
	message.SetAutoAnswer: true, message.GetAutoAnswer: true,
	message.SetMessageWaitingIndicator: true, message.GetMessageWaitingIndicator: true,
}

// fieldNodes are those of a structure that are present.
func fieldNodes(v reflect.Value) []node {
	var out []node
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || v.Field(i).IsZero() {
			continue
		}
		if n, ok := fieldNode(f.Name, v.Field(i)); ok {
			out = append(out, n)
		}
	}
	return out
}

func fieldNode(name string, v reflect.Value) (node, bool) {
	if t, ok := v.Interface().(message.Text); ok {
		return node{name: name, value: readableText(string(t))}, true
	}
	if t, ok := v.Interface().(encoding.TextMarshaler); ok && v.Kind() != reflect.Pointer {
		s, err := t.MarshalText()
		return node{name: name, value: readableText(string(s))}, err == nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		return fieldNode(name, v.Elem())
	case reflect.Struct:
		if set := v.FieldByName("Set"); set.IsValid() && v.Type().Field(0).Name == "Value" { // an Opt
			return fieldNode(name, v.Field(0))
		}
		n := node{name: name, nodes: fieldNodes(v)}
		return n, len(n.nodes) > 0
	case reflect.Slice, reflect.Array:
		n := node{name: name, list: true}
		for i := range v.Len() {
			if e, ok := fieldNode("-", v.Index(i)); ok {
				n.nodes = append(n.nodes, e)
			}
		}
		return n, len(n.nodes) > 0
	}
	if v.Kind() == reflect.String {
		return node{name: name, value: readableText(v.String())}, true
	}
	return node{name: name, value: fmt.Sprint(v.Interface())}, true
}

// readableText is text as it is; octets that are none as x and hexadecimal digits, as
// the driver shows call identifiers.
func readableText(s string) string {
	if utf8.ValidString(s) && strings.IndexFunc(s, unicode.IsControl) < 0 {
		return s
	}
	return "x" + hex.EncodeToString([]byte(s))
}

// WriteTree prints the message as a readable tree. Of one that could not be
// decoded the bytes are shown, with a mark in front of the first bad one.
func (p *PDU) WriteTree(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "#%d", p.Number)
	if !p.Time.IsZero() {
		fmt.Fprintf(&b, " %s", p.Time.Format(time.RFC3339Nano))
	}
	if p.Direction != "" {
		fmt.Fprintf(&b, " %s", p.Direction)
	}
	fmt.Fprintf(&b, " %s", p.Encoding)
	if p.Framing != "" && p.Framing != "XML" {
		fmt.Fprintf(&b, ", %s", p.Framing)
	}
	switch {
	case p.start:
		fmt.Fprintf(&b, " %s\n", p.Bytes)
	case p.Err != nil:
		fmt.Fprintf(&b, ": %v\n    %s\n", p.Err, p.marked())
	default:
		fmt.Fprintf(&b, " invoke %d\n", p.message.InvokeID)
		p.tree().print(&b, "  ")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// marked is the bytes with >> in front of the first bad one.
func (p *PDU) marked() string {
	at := min(p.Offset, len(p.Bytes))
	return hex.EncodeToString(p.Bytes[:at]) + ">>" + hex.EncodeToString(p.Bytes[at:])
}

func (n node) print(b *strings.Builder, indent string) {
	fmt.Fprintf(b, "%s%s", indent, n.name)
	if n.nodes == nil {
		fmt.Fprintf(b, ": %s\n", n.value)
		return
	}
	b.WriteByte('\n')
	for _, c := range n.nodes {
		c.print(b, indent+"  ")
	}
}

// MarshalJSON is the message as one object; every value in it is text.
func (p *PDU) MarshalJSON() ([]byte, error) {
	top := []node{{name: "number", value: fmt.Sprint(p.Number)}}
	if !p.Time.IsZero() {
		top = append(top, node{name: "time", value: p.Time.Format(time.RFC3339Nano)})
	}
	if p.Direction != "" {
		top = append(top, node{name: "direction", value: p.Direction})
	}
	top = append(top, node{name: "encoding", value: p.Encoding})
	if p.Framing != "" {
		top = append(top, node{name: "framing", value: p.Framing})
	}
	top = append(top, node{name: "bytes", value: hex.EncodeToString(p.Bytes)})
	switch {
	case p.start:
		top = append(top, node{name: "start", value: string(p.Bytes)})
	case p.Err != nil:
		top = append(top, node{name: "error", value: p.Err.Error()}, node{name: "offset", value: fmt.Sprint(p.Offset)})
	default:
		top = append(top, node{name: "invoke", value: fmt.Sprint(p.message.InvokeID)}, p.tree())
	}
	return node{nodes: top}.json(nil), nil
}

func (n node) json(dst []byte) []byte {
	if n.nodes == nil {
		text, _ := json.Marshal(n.value) // a string always can be
		return append(dst, text...)
	}
	opening, closing := byte('{'), byte('}')
	if n.list {
		opening, closing = '[', ']'
	}
	dst = append(dst, opening)
	for i, c := range n.nodes {
		if i > 0 {
			dst = append(dst, ',')
		}
		if !n.list {
			name, _ := json.Marshal(c.name)
			dst = append(append(dst, name...), ':')
		}
		dst = c.json(dst)
	}
	return append(dst, closing)
}
