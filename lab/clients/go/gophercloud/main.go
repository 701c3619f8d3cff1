// Command gophercloud does what a test asks by gophercloud, the library of OpenStack's Terraform provider, of Kubernetes and of Packer.
//
//	OS_CLIENT_CONFIG_FILE=clouds.yaml OS_CLOUD=demo gophercloud CALL [OPTIONS]
package main

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servers"
	"github.com/gophercloud/gophercloud/v2/openstack/config"
	"github.com/gophercloud/gophercloud/v2/openstack/config/clouds"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/imagedata"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/imageimport"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/images"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/members"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/tasks"
	"github.com/gophercloud/gophercloud/v2/pagination"
	"imago.test/clients/answer"
)

// cloud is a login, and the places of its region's services.
type cloud struct {
	provider *gophercloud.ProviderClient
	endpoint gophercloud.EndpointOpts
	image    *gophercloud.ServiceClient
}

// logIn reads clouds.yaml by gophercloud's own reader. IMAGO_LAB_TOKEN takes the place of the token that Keystone gave.
func logIn(ctx context.Context) (*cloud, error) {
	auth, endpoint, tls, err := clouds.Parse(clouds.WithCloudName(os.Getenv("OS_CLOUD")), clouds.WithLocations(os.Getenv("OS_CLIENT_CONFIG_FILE")))
	if err != nil {
		return nil, err
	}
	provider, err := config.NewProviderClient(ctx, auth, config.WithTLSConfig(tls))
	if err != nil {
		return nil, err
	}
	if token := os.Getenv("IMAGO_LAB_TOKEN"); token != "" {
		provider.SetToken(token)
	}
	image, err := openstack.NewImageV2(provider, endpoint)
	return &cloud{provider, endpoint, image}, err
}

type call = answer.Call[*cloud]

// with makes a call of a function that takes the library's options.
func with[O, R any](do func(context.Context, *cloud, O) (R, error)) call {
	return func(ctx context.Context, cloud *cloud, raw json.RawMessage) (any, error) {
		options, err := answer.Options[O](raw)
		if err != nil {
			return nil, err
		}
		return do(ctx, cloud, options)
	}
}

type byID struct{ ID string }

type member struct{ ID, Member, Status string }

// patches are changes in the order in which they are asked for.
type patches struct {
	ID      string
	Changes []struct {
		Name, Visibility  *string
		Tags              *[]string
		MinDisk, MinRAM   *int
		Protected, Hidden *bool
		Op                images.UpdateOp
		Property, Value   string
	}
}

func (options patches) updates() images.UpdateOpts {
	updates := images.UpdateOpts{}
	for _, change := range options.Changes {
		switch {
		case change.Name != nil:
			updates = append(updates, images.ReplaceImageName{NewName: *change.Name})
		case change.Visibility != nil:
			updates = append(updates, images.UpdateVisibility{Visibility: images.ImageVisibility(*change.Visibility)})
		case change.Tags != nil:
			updates = append(updates, images.ReplaceImageTags{NewTags: *change.Tags})
		case change.MinDisk != nil:
			updates = append(updates, images.ReplaceImageMinDisk{NewMinDisk: *change.MinDisk})
		case change.MinRAM != nil:
			updates = append(updates, images.ReplaceImageMinRam{NewMinRam: *change.MinRAM})
		case change.Protected != nil:
			updates = append(updates, images.ReplaceImageProtected{NewProtected: *change.Protected})
		case change.Hidden != nil:
			updates = append(updates, images.ReplaceImageHidden{NewHidden: *change.Hidden})
		default:
			updates = append(updates, images.UpdateImageProperty{Op: change.Op, Name: change.Property, Value: change.Value})
		}
	}
	return updates
}

// image is the library's own, with the fields that it leaves out of JSON.
type image struct {
	*images.Image
	SizeBytes  int64
	Properties map[string]any
}

func shown(found *images.Image, err error) (*image, error) {
	if err != nil {
		return nil, err
	}
	return &image{found, found.SizeBytes, found.Properties}, nil
}

// digests are those of the bytes that came, and what Glance said of them.
type digests struct {
	Bytes               int64
	MD5, SHA256, SHA512 string
	ContentMD5          string
	ContentLength       string
}

func download(ctx context.Context, cloud *cloud, options byID) (*digests, error) {
	result := imagedata.Download(ctx, cloud.image, options.ID)
	body, err := result.Extract()
	if err != nil {
		return nil, err
	}
	defer body.Close()
	md5Hash, sha256Hash, sha512Hash := md5.New(), sha256.New(), sha512.New()
	bytes, err := io.Copy(io.MultiWriter(md5Hash, sha256Hash, sha512Hash), body)
	if err != nil {
		return nil, err
	}
	hexOf := func(digest []byte) string { return hex.EncodeToString(digest) }
	return &digests{bytes, hexOf(md5Hash.Sum(nil)), hexOf(sha256Hash.Sum(nil)), hexOf(sha512Hash.Sum(nil)), result.Header.Get("Content-Md5"), result.Header.Get("Content-Length")}, nil
}

// data are the bytes of an image, from a file.
type data struct{ ID, File string }

func sent(options data, send func(io.Reader) error) (any, error) {
	file, err := os.Open(options.File)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return nil, send(file)
}

// waited asks for an image until it has the status, as Terraform's provider does.
func waited(ctx context.Context, cloud *cloud, options struct {
	ID     string
	Status images.ImageStatus
}) (*image, error) {
	for {
		found, err := images.Get(ctx, cloud.image, options.ID).Extract()
		if err != nil || found.Status == options.Status {
			return shown(found, err)
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("the image is %s: %w", found.Status, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func compute(cloud *cloud) (*gophercloud.ServiceClient, error) {
	return openstack.NewComputeV2(cloud.provider, cloud.endpoint)
}

var calls = map[string]call{
	"token": with(func(_ context.Context, cloud *cloud, _ struct{}) (any, error) {
		result, ok := cloud.provider.GetAuthResult().(tokens.CreateResult)
		if !ok {
			return nil, fmt.Errorf("no token of Keystone 3 but %T", cloud.provider.GetAuthResult())
		}
		token, err := result.ExtractToken()
		if err != nil {
			return nil, err
		}
		project, err := result.ExtractProject()
		if err != nil {
			return nil, err
		}
		user, err := result.ExtractUser()
		if err != nil {
			return nil, err
		}
		roles, err := result.ExtractRoles()
		if err != nil {
			return nil, err
		}
		catalog, err := result.ExtractServiceCatalog()
		if err != nil {
			return nil, err
		}
		services := []string{}
		for _, entry := range catalog.Entries {
			services = append(services, entry.Type)
		}
		return map[string]any{"Project": project, "User": user, "Roles": roles, "Services": services, "ExpiresAt": token.ExpiresAt, "Endpoint": cloud.image.ResourceBaseURL()}, nil
	}),
	"token.get": with(func(ctx context.Context, cloud *cloud, _ struct{}) (*tokens.Token, error) {
		identity, err := openstack.NewIdentityV3(cloud.provider, cloud.endpoint)
		if err != nil {
			return nil, err
		}
		token, err := tokens.Get(ctx, identity, cloud.provider.Token()).ExtractToken()
		if token != nil {
			token.ID = ""
		}
		return token, err
	}),
	"images.list": with(func(ctx context.Context, cloud *cloud, options images.ListOpts) (any, error) {
		all, pages := []*image{}, []int{}
		err := images.List(cloud.image, options).EachPage(ctx, func(_ context.Context, page pagination.Page) (bool, error) {
			some, err := images.ExtractImages(page)
			for index := range some {
				one, _ := shown(&some[index], nil)
				all = append(all, one)
			}
			pages = append(pages, len(some))
			return true, err
		})
		return map[string]any{"Images": all, "Pages": pages}, err
	}),
	"images.get": with(func(ctx context.Context, cloud *cloud, options byID) (*image, error) {
		return shown(images.Get(ctx, cloud.image, options.ID).Extract())
	}),
	"images.create": with(func(ctx context.Context, cloud *cloud, options struct {
		images.CreateOpts
		Properties map[string]string
	}) (*image, error) {
		options.CreateOpts.Properties = options.Properties
		return shown(images.Create(ctx, cloud.image, options.CreateOpts).Extract())
	}),
	"images.update": with(func(ctx context.Context, cloud *cloud, options patches) (*image, error) {
		return shown(images.Update(ctx, cloud.image, options.ID, options.updates()).Extract())
	}),
	"images.delete": with(func(ctx context.Context, cloud *cloud, options byID) (any, error) {
		return nil, images.Delete(ctx, cloud.image, options.ID).ExtractErr()
	}),
	"images.waitFor":     with(waited),
	"imagedata.download": with(download),
	"imagedata.upload": with(func(ctx context.Context, cloud *cloud, options data) (any, error) {
		return sent(options, func(file io.Reader) error { return imagedata.Upload(ctx, cloud.image, options.ID, file).ExtractErr() })
	}),
	"imagedata.stage": with(func(ctx context.Context, cloud *cloud, options data) (any, error) {
		return sent(options, func(file io.Reader) error { return imagedata.Stage(ctx, cloud.image, options.ID, file).ExtractErr() })
	}),
	"imageimport.get": with(func(ctx context.Context, cloud *cloud, _ struct{}) (*imageimport.ImportInfo, error) {
		return imageimport.Get(ctx, cloud.image).Extract()
	}),
	"imageimport.create": with(func(ctx context.Context, cloud *cloud, options struct {
		ID string
		imageimport.CreateOpts
	}) (any, error) {
		return nil, imageimport.Create(ctx, cloud.image, options.ID, options.CreateOpts).ExtractErr()
	}),
	"members.create": with(func(ctx context.Context, cloud *cloud, options member) (*members.Member, error) {
		return members.Create(ctx, cloud.image, options.ID, options.Member).Extract()
	}),
	"members.list": with(func(ctx context.Context, cloud *cloud, options byID) ([]members.Member, error) {
		page, err := members.List(cloud.image, options.ID).AllPages(ctx)
		if err != nil {
			return nil, err
		}
		return members.ExtractMembers(page)
	}),
	"members.get": with(func(ctx context.Context, cloud *cloud, options member) (*members.Member, error) {
		return members.Get(ctx, cloud.image, options.ID, options.Member).Extract()
	}),
	"members.update": with(func(ctx context.Context, cloud *cloud, options member) (*members.Member, error) {
		return members.Update(ctx, cloud.image, options.ID, options.Member, members.UpdateOpts{Status: options.Status}).Extract()
	}),
	"members.delete": with(func(ctx context.Context, cloud *cloud, options member) (any, error) {
		return nil, members.Delete(ctx, cloud.image, options.ID, options.Member).ExtractErr()
	}),
	"tasks.list": with(func(ctx context.Context, cloud *cloud, options tasks.ListOpts) ([]tasks.Task, error) {
		page, err := tasks.List(cloud.image, options).AllPages(ctx)
		if err != nil {
			return nil, err
		}
		return tasks.ExtractTasks(page)
	}),
	"tasks.get": with(func(ctx context.Context, cloud *cloud, options byID) (*tasks.Task, error) {
		return tasks.Get(ctx, cloud.image, options.ID).Extract()
	}),
	"tasks.create": with(func(ctx context.Context, cloud *cloud, options struct {
		Type  string
		Input map[string]any
	}) (*tasks.Task, error) {
		return tasks.Create(ctx, cloud.image, tasks.CreateOpts{Type: options.Type, Input: options.Input}).Extract()
	}),
	"servers.list": with(func(ctx context.Context, cloud *cloud, options servers.ListOpts) ([]servers.Server, error) {
		nova, err := compute(cloud)
		if err != nil {
			return nil, err
		}
		page, err := servers.List(nova, options).AllPages(ctx)
		if err != nil {
			return nil, err
		}
		return servers.ExtractServers(page)
	}),
	"servers.createImage": with(func(ctx context.Context, cloud *cloud, options struct {
		ID           string
		Name         string
		Metadata     map[string]string
		Microversion string
	}) (string, error) {
		nova, err := compute(cloud)
		if err != nil {
			return "", err
		}
		nova.Microversion = options.Microversion
		return servers.CreateImage(ctx, nova, options.ID, servers.CreateImageOpts{Name: options.Name, Metadata: options.Metadata}).ExtractImageID()
	}),
}

func classify(err error) answer.Error {
	var unexpected gophercloud.ErrUnexpectedResponseCode
	if errors.As(err, &unexpected) {
		return answer.Error{Type: "gophercloud.ErrUnexpectedResponseCode", Status: unexpected.Actual, Message: string(unexpected.Body)}
	}
	return answer.Error{Type: fmt.Sprintf("%T", err), Message: err.Error()}
}

func main() { answer.Run(logIn, calls, classify) }
