package negotiate

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// NTLM is the adapter that an application plugs in where it must speak NTLM, as Windows
// work groups need: it hands the messages to a checker (Samba's
// ntlm_auth, SSPI). NTLM can be relayed by anyone on the path; use it in trusted
// networks only.
type NTLM interface {
	// Start begins the conversation on one connection.
	Start() NTLMConversation
}

// NTLMConversation takes the client's messages of one connection in order.
type NTLMConversation interface {
	// Step takes a message and returns the answer to it. done says that id is
	// proved. It is not called concurrently.
	Step(ctx context.Context, message []byte) (answer []byte, id Identity, done bool, err error)
	// Close ends the conversation; it is called once, and nothing after it.
	Close()
}

// ntlmState is the state of NTLM on one connection: NTLM authenticates a
// connection, not a request, and only if nothing between multiplexes them.
type ntlmState struct {
	mu           sync.Mutex // held for the whole of a step: a connection of HTTP/1 has one request at a time
	conversation NTLMConversation
}

type ntlmKey struct{}

// Attach makes room for the state of NTLM on the connections of a server, by its
// hooks ConnContext and ConnState; hooks that are set already are called too. A
// host that sets [Config.NTLM] calls it before the server starts; without, NTLM
// is refused.
func (a *Acceptor) Attach(server *http.Server) {
	connContext, connState := server.ConnContext, server.ConnState
	states := &ntlmStates{byConn: make(map[net.Conn]*ntlmState)}
	server.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		if connContext != nil {
			ctx = connContext(ctx, conn)
		}
		return context.WithValue(ctx, ntlmKey{}, states.addConnection(conn))
	}
	server.ConnState = func(conn net.Conn, state http.ConnState) {
		if state == http.StateClosed || state == http.StateHijacked {
			states.removeConnection(conn)
		}
		if connState != nil {
			connState(conn, state)
		}
	}
}

// ntlmStates are those of the open connections of one server.
type ntlmStates struct {
	mu     sync.Mutex
	byConn map[net.Conn]*ntlmState
}

func (s *ntlmStates) addConnection(conn net.Conn) *ntlmState {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byConn[conn] = &ntlmState{}
	return s.byConn[conn]
}

func (s *ntlmStates) removeConnection(conn net.Conn) {
	s.mu.Lock()
	state := s.byConn[conn]
	delete(s.byConn, conn)
	s.mu.Unlock()
	if state != nil {
		state.endConversation()
	}
}

// exchangeMessage hands one message to the conversation of the connection.
func (s *ntlmState) exchangeMessage(ctx context.Context, ntlm NTLM, message []byte) (
	answer []byte, id Identity, done bool, err error,
) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conversation == nil {
		s.conversation = ntlm.Start()
	}
	answer, id, done, err = s.conversation.Step(ctx, message)
	if done || err != nil {
		s.conversation.Close()
		s.conversation = nil
	}
	return answer, id, done, err
}

func (s *ntlmState) endConversation() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conversation != nil {
		s.conversation.Close()
		s.conversation = nil
	}
}
