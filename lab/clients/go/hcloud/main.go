// Command hcloud does what a test asks by hcloud-go, the library of Hetzner's own command and of its Terraform provider.
//
//	HCLOUD_TOKEN=… HCLOUD_ENDPOINT=… hcloud CALL [OPTIONS]
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/hetznercloud/hcloud-go/v2/hcloud"
	"imago.test/clients/answer"
)

func client(context.Context) (*hcloud.Client, error) {
	return hcloud.NewClient(
		hcloud.WithToken(os.Getenv("HCLOUD_TOKEN")),
		hcloud.WithEndpoint(os.Getenv("HCLOUD_ENDPOINT")),
		hcloud.WithApplication("imago-lab", "0"),
		hcloud.WithPollOpts(hcloud.PollOpts{BackoffFunc: hcloud.ConstantBackoff(20 * time.Millisecond)}),
		hcloud.WithRetryOpts(hcloud.RetryOpts{BackoffFunc: hcloud.ConstantBackoff(10 * time.Millisecond), MaxRetries: 3}),
	), nil
}

// byID is an object of the library that holds its id alone, as its users make them for calls.
type byID struct{ ID int64 }

type call = answer.Call[*hcloud.Client]

// with makes a call of a function that takes the library's options.
func with[O, R any](do func(context.Context, *hcloud.Client, O) (R, error)) call {
	return func(ctx context.Context, client *hcloud.Client, raw json.RawMessage) (any, error) {
		options, err := answer.Options[O](raw)
		if err != nil {
			return nil, err
		}
		return do(ctx, client, options)
	}
}

// page is one page of a list, and what the library read of the answer's `meta` and headers.
type page[T any] struct {
	Items []T
	Meta  hcloud.Meta
}

func pageOf[T any](items []T, response *hcloud.Response, err error) (*page[T], error) {
	if err != nil {
		return nil, err
	}
	return &page[T]{Items: items, Meta: response.Meta}, nil
}

// progress waits for actions by the library's waiter, and returns what that was told on the way.
func progress(ctx context.Context, client *hcloud.Client, actions ...*hcloud.Action) ([]int, error) {
	seen := []int{}
	err := client.Action.WaitForFunc(ctx, func(update *hcloud.Action) error {
		seen = append(seen, update.Progress)
		return update.Error()
	}, actions...)
	return seen, err
}

func done(ctx context.Context, client *hcloud.Client, action *hcloud.Action, err error) (*hcloud.Action, error) {
	if err == nil {
		err = client.Action.WaitFor(ctx, action)
	}
	if err != nil {
		return nil, err
	}
	// What was returned is as it was when the action began.
	action, _, err = client.Action.GetByID(ctx, action.ID)
	return action, err
}

type snapshot struct {
	Before   *hcloud.Image
	Action   *hcloud.Action
	Progress []int
	After    *hcloud.Image
}

var calls = map[string]call{
	"image.get": with(func(ctx context.Context, client *hcloud.Client, options byID) (*hcloud.Image, error) {
		image, _, err := client.Image.GetByID(ctx, options.ID)
		return image, err
	}),
	"image.getForArchitecture": with(func(ctx context.Context, client *hcloud.Client, options struct {
		IDOrName     string
		Architecture hcloud.Architecture
	}) (*hcloud.Image, error) {
		image, _, err := client.Image.GetForArchitecture(ctx, options.IDOrName, options.Architecture)
		return image, err
	}),
	"image.list": with(func(ctx context.Context, client *hcloud.Client, options hcloud.ImageListOpts) (*page[*hcloud.Image], error) {
		return pageOf(client.Image.List(ctx, options))
	}),
	"image.all": with(func(ctx context.Context, client *hcloud.Client, options hcloud.ImageListOpts) ([]*hcloud.Image, error) {
		return client.Image.AllWithOpts(ctx, options)
	}),
	"image.update": with(func(ctx context.Context, client *hcloud.Client, options struct {
		ID int64
		hcloud.ImageUpdateOpts
	}) (*hcloud.Image, error) {
		image, _, err := client.Image.Update(ctx, &hcloud.Image{ID: options.ID}, options.ImageUpdateOpts)
		return image, err
	}),
	"image.changeProtection": with(func(ctx context.Context, client *hcloud.Client, options struct {
		ID int64
		hcloud.ImageChangeProtectionOpts
	}) (*hcloud.Action, error) {
		action, _, err := client.Image.ChangeProtection(ctx, &hcloud.Image{ID: options.ID}, options.ImageChangeProtectionOpts)
		return done(ctx, client, action, err)
	}),
	"image.delete": with(func(ctx context.Context, client *hcloud.Client, options byID) (any, error) {
		_, err := client.Image.Delete(ctx, &hcloud.Image{ID: options.ID})
		return nil, err
	}),
	"image.actions": with(func(ctx context.Context, client *hcloud.Client, options struct {
		ID int64
		hcloud.ActionListOpts
	}) ([]*hcloud.Action, error) {
		return client.Image.Action.AllFor(ctx, &hcloud.Image{ID: options.ID}, options.ActionListOpts)
	}),
	"action.get": with(func(ctx context.Context, client *hcloud.Client, options byID) (*hcloud.Action, error) {
		action, _, err := client.Action.GetByID(ctx, options.ID)
		return action, err
	}),
	"action.waitFor": with(func(ctx context.Context, client *hcloud.Client, options struct{ IDs []int64 }) (any, error) {
		actions := make([]*hcloud.Action, len(options.IDs))
		for index, id := range options.IDs {
			actions[index] = &hcloud.Action{ID: id, Status: hcloud.ActionStatusRunning}
		}
		return nil, client.Action.WaitFor(ctx, actions...)
	}),
	"server.get": with(func(ctx context.Context, client *hcloud.Client, options struct{ IDOrName string }) (*hcloud.Server, error) {
		server, _, err := client.Server.Get(ctx, options.IDOrName)
		return server, err
	}),
	"server.all": with(func(ctx context.Context, client *hcloud.Client, options hcloud.ServerListOpts) ([]*hcloud.Server, error) {
		return client.Server.AllWithOpts(ctx, options)
	}),
	"server.createImage": with(func(ctx context.Context, client *hcloud.Client, options struct {
		ID int64
		hcloud.ServerCreateImageOpts
	}) (*snapshot, error) {
		created, _, err := client.Server.CreateImage(ctx, &hcloud.Server{ID: options.ID}, &options.ServerCreateImageOpts)
		if err != nil {
			return nil, err
		}
		seen, err := progress(ctx, client, created.Action)
		if err != nil {
			return nil, err
		}
		after, _, err := client.Image.GetByID(ctx, created.Image.ID)
		return &snapshot{Before: created.Image, Action: created.Action, Progress: seen, After: after}, err
	}),
	"server.rebuild": with(func(ctx context.Context, client *hcloud.Client, options struct{ ID, Image int64 }) (*hcloud.Action, error) {
		rebuilt, _, err := client.Server.RebuildWithResult(ctx, &hcloud.Server{ID: options.ID}, hcloud.ServerRebuildOpts{Image: &hcloud.Image{ID: options.Image}})
		return done(ctx, client, rebuilt.Action, err)
	}),
	"server.attachISO": with(func(ctx context.Context, client *hcloud.Client, options struct{ ID, ISO int64 }) (*hcloud.Action, error) {
		action, _, err := client.Server.AttachISO(ctx, &hcloud.Server{ID: options.ID}, &hcloud.ISO{ID: options.ISO})
		return done(ctx, client, action, err)
	}),
	"iso.get": with(func(ctx context.Context, client *hcloud.Client, options struct{ IDOrName string }) (*hcloud.ISO, error) {
		iso, _, err := client.ISO.Get(ctx, options.IDOrName)
		return iso, err
	}),
	"iso.all": with(func(ctx context.Context, client *hcloud.Client, options hcloud.ISOListOpts) ([]*hcloud.ISO, error) {
		return client.ISO.AllWithOpts(ctx, options)
	}),
	"location.all": with(func(ctx context.Context, client *hcloud.Client, options hcloud.LocationListOpts) ([]*hcloud.Location, error) {
		return client.Location.AllWithOpts(ctx, options)
	}),
	"serverType.get": with(func(ctx context.Context, client *hcloud.Client, options struct{ IDOrName string }) (*hcloud.ServerType, error) {
		serverType, _, err := client.ServerType.Get(ctx, options.IDOrName)
		return serverType, err
	}),
	"sshKey.all": with(func(ctx context.Context, client *hcloud.Client, options hcloud.SSHKeyListOpts) ([]*hcloud.SSHKey, error) {
		return client.SSHKey.AllWithOpts(ctx, options)
	}),
	"pricing.get": with(func(ctx context.Context, client *hcloud.Client, _ struct{}) (hcloud.Pricing, error) {
		pricing, _, err := client.Pricing.Get(ctx)
		return pricing, err
	}),
	"datacenter.all": with(func(ctx context.Context, client *hcloud.Client, options hcloud.DatacenterListOpts) ([]*hcloud.Datacenter, error) {
		return client.Datacenter.AllWithOpts(ctx, options) //nolint:staticcheck // Hetzner withdrew data centers: what the client makes of that is a test.
	}),
}

func classify(err error) answer.Error {
	var api hcloud.Error
	if errors.As(err, &api) {
		status := 0
		if response := api.Response(); response != nil {
			status = response.StatusCode
		}
		return answer.Error{Type: "hcloud.Error", Status: status, Code: string(api.Code), Message: api.Message, Details: api.Details}
	}
	var action hcloud.ActionError
	if errors.As(err, &action) {
		return answer.Error{Type: "hcloud.ActionError", Code: action.Code, Message: action.Message}
	}
	if errors.Is(err, hcloud.ErrStatusCode) {
		return answer.Error{Type: "hcloud.ErrStatusCode", Message: err.Error()}
	}
	return answer.Error{Type: fmt.Sprintf("%T", err), Message: err.Error()}
}

func main() { answer.Run(client, calls, classify) }
