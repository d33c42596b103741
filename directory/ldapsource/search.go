package ldapsource

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// runSearch sends a search and hands every message but the last to visit; it returns
// the controls of the last. The slices of a message live during the visit.
// When visit fails, or ctx ends, the connection is no longer usable: the rest
// of the answer is still on its way.
func (c *conn) runSearch(ctx context.Context, s *search, visit func(message) error) (controls []byte, err error) {
	op, err := s.encodeSearch()
	if err != nil {
		return nil, err
	}
	defer c.interruptWith(ctx)()
	id, err := c.sendRequest(ctx, op, s.controls)
	if err != nil {
		return nil, fmt.Errorf("search %q: %w", s.base, err)
	}
	for {
		m, err := c.receiveReply(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("search %q: %w", s.base, err)
		}
		switch m.op {
		case opSearchDone:
			return m.controls, decodeResult("search "+s.base, m.body)
		case opSearchEntry, opSearchReference, opIntermediate:
			if err := visit(m); err != nil {
				c.markBroken(ctx, err)
				return nil, err
			}
		default:
			return nil, c.markBroken(ctx, fmt.Errorf("%w: unexpected operation %#02x in reply to search", errBER, m.op))
		}
	}
}

// searchPaged runs a search in pages (RFC 2696). The first page is asked for in one
// huge piece: a server that pages anyway (Active Directory) returns what it
// likes, and one that does not (slapd) is spared walking its candidates once
// per page, which took it 30 ms each. A server that refuses such a page at once
// gets smaller ones.
func (c *conn) searchPaged(ctx context.Context, s search, size int, visit func(message) error) error {
	sizes := []int{size}
	if size == 0 {
		sizes = []int{1 << 30, 500, 100}
	}
	var err error
	for _, size := range sizes {
		seen := 0
		err = c.searchPagesOf(ctx, s, size, func(m message) error { seen++; return visit(m) })
		if seen > 0 || !hasResultCode(err, codeAdminLimitExceeded, codeSizeLimitExceeded, codeUnwillingToPerform) {
			break
		}
	}
	return err
}

func (c *conn) searchPagesOf(ctx context.Context, s search, size int, visit func(message) error) error {
	base := s.controls
	var cookie []byte
	entries := 0
	counted := func(m message) error { entries++; return visit(m) }
	for {
		before := entries
		value := appendInteger(nil, tagInteger, size)
		value = appendElement(nil, tagSequence, appendElement(value, tagOctet, cookie))
		s.controls = append(base[:len(base):len(base)], control{controlPaged, false, value})
		controls, err := c.runSearch(ctx, &s, counted)
		if err != nil {
			return err
		}
		next, err := pageCookie(controls)
		if err != nil {
			return c.markBroken(ctx, err)
		}
		if len(next) == 0 {
			return nil
		}
		if string(next) == string(cookie) && entries == before { // Samba's cookie is the same for all pages
			return c.markBroken(ctx, errors.New("the server sends an empty page and the same cookie again"))
		}
		cookie = append([]byte(nil), next...)
	}
}

func pageCookie(controls []byte) ([]byte, error) {
	value, err := controlValue(controls, controlPaged)
	if err != nil || value == nil {
		return nil, err
	}
	body, _, err := expectElement(value, tagSequence)
	if err != nil {
		return nil, err
	}
	if _, body, err = expectElement(body, tagInteger); err != nil {
		return nil, err
	}
	cookie, _, err := expectElement(body, tagOctet)
	return cookie, err
}

func hasResultCode(err error, codes ...int) bool {
	server, ok := errors.AsType[*ServerError](err)
	return ok && slices.Contains(codes, server.Code)
}
