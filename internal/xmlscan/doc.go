// Package xmlscan reads the small subset of XML 1.0 that CTI protocols use:
// elements, attributes, text, CDATA, the five entities and character
// references. It allocates nothing once its buffers have grown: names, values
// and texts are views into the message or into one scratch buffer.
//
// It refuses, each with an [Error]: document type declarations (and with
// them declared entities), processing instructions other than the XML
// declaration, names outside ASCII, an attribute given twice, text outside the
// root element, a second root, and what is deeper or larger than the limits.
// Comments are skipped. Declared encodings are UTF-8 (also US-ASCII) and
// ISO-8859-1, which is turned into UTF-8 first.
//
//	var s xmlscan.Scanner
//	s.Reset(message)
//	for s.Next() {
//		switch s.Kind() {
//		case xmlscan.Start: ... s.Name(), s.Attrs()
//		case xmlscan.Text:  ... s.Text()
//		case xmlscan.End:   ...
//		}
//	}
//	if err := s.Err(); err != nil { ... }
package xmlscan
