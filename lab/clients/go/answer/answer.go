// Package answer is the way by which the client programs talk with the tests: a call and its options as arguments, JSON on standard output.
package answer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// Error is what the client made of a failure: the type by which its users tell failures apart, and what that type holds.
type Error struct {
	Type    string `json:"type"`
	Status  int    `json:"status,omitempty"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message"`
	Details any    `json:"details,omitempty"`
}

// Call is one function of the client library. Options are JSON in the library's own field names.
type Call[C any] func(ctx context.Context, client C, options json.RawMessage) (any, error)

// Options decodes the options of a call, and refuses fields that the library does not have: a misspelled filter would filter nothing.
func Options[T any](raw json.RawMessage) (options T, err error) {
	if len(raw) == 0 {
		return options, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(&options)
	return options, err
}

// Run does the call that the arguments name, `PROGRAM CALL [OPTIONS]`, and prints {"result": …} or {"error": …}. Both end with status 0: an
// error of the client is an answer like any other.
func Run[C any](client func(context.Context) (C, error), calls map[string]Call[C], classify func(error) Error) {
	if len(os.Args) < 2 || calls[os.Args[1]] == nil {
		fmt.Fprintf(os.Stderr, "usage: %s CALL [OPTIONS]; unknown call: %v\n", os.Args[0], os.Args[1:])
		os.Exit(2)
	}
	var options json.RawMessage
	if len(os.Args) > 2 {
		options = json.RawMessage(os.Args[2])
	}
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	result, err := do(ctx, client, calls[os.Args[1]], options)
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err != nil {
		err = encoder.Encode(map[string]Error{"error": classify(err)})
	} else {
		err = encoder.Encode(map[string]any{"result": result})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func do[C any](ctx context.Context, client func(context.Context) (C, error), call Call[C], options json.RawMessage) (any, error) {
	connected, err := client(ctx)
	if err != nil {
		return nil, err
	}
	return call(ctx, connected, options)
}
