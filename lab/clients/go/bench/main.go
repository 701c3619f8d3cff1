// Command bench lists and transfers images of Glance with gophercloud, as a program that is written for speed would: `npm run bench` compares it with imago.
//
//	OS_CLIENT_CONFIG_FILE=clouds.yaml OS_CLOUD=demo bench list LIMIT          prints ID and name of each image, page by page
//	OS_CLIENT_CONFIG_FILE=clouds.yaml OS_CLOUD=demo bench upload FILE NAME    creates a raw image and sends its data
//	OS_CLIENT_CONFIG_FILE=clouds.yaml OS_CLOUD=demo bench download ID FILE    compares the digest with the image's
package main

import (
	"bufio"
	"context"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/config"
	"github.com/gophercloud/gophercloud/v2/openstack/config/clouds"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/imagedata"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/images"
	"github.com/gophercloud/gophercloud/v2/pagination"
)

func logIn(ctx context.Context) (*gophercloud.ServiceClient, error) {
	auth, endpoint, tls, err := clouds.Parse(clouds.WithCloudName(os.Getenv("OS_CLOUD")), clouds.WithLocations(os.Getenv("OS_CLIENT_CONFIG_FILE")))
	if err != nil {
		return nil, err
	}
	provider, err := config.NewProviderClient(ctx, auth, config.WithTLSConfig(tls))
	if err != nil {
		return nil, err
	}
	return openstack.NewImageV2(provider, endpoint)
}

func list(ctx context.Context, glance *gophercloud.ServiceClient, limit string) error {
	size, err := strconv.Atoi(limit)
	if err != nil {
		return err
	}
	return images.List(glance, images.ListOpts{Limit: size}).EachPage(ctx, func(_ context.Context, page pagination.Page) (bool, error) {
		some, err := images.ExtractImages(page)
		if err != nil {
			return false, err
		}
		out := bufio.NewWriter(os.Stdout)
		for _, image := range some {
			fmt.Fprintln(out, image.ID, image.Name, image.Status, image.SizeBytes)
		}
		return true, out.Flush()
	})
}

func upload(ctx context.Context, glance *gophercloud.ServiceClient, path, name string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	image, err := images.Create(ctx, glance, images.CreateOpts{Name: name, DiskFormat: "raw", ContainerFormat: "bare"}).Extract()
	if err != nil {
		return err
	}
	return imagedata.Upload(ctx, glance, image.ID, file).ExtractErr()
}

func download(ctx context.Context, glance *gophercloud.ServiceClient, id, path string) error {
	image, err := images.Get(ctx, glance, id).Extract()
	if err != nil {
		return err
	}
	body, err := imagedata.Download(ctx, glance, id).Extract()
	if err != nil {
		return err
	}
	defer body.Close()
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	hash := sha512.New()
	if _, err = io.CopyBuffer(io.MultiWriter(file, hash), body, make([]byte, 1<<18)); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := file.Close(); err != nil {
		return err
	}
	if expected, digest := image.Properties["os_hash_value"], hex.EncodeToString(hash.Sum(nil)); digest != expected {
		return fmt.Errorf("the digest of the data is %s, that of the image is %v", digest, expected)
	}
	return nil
}

func run(ctx context.Context, args []string) error {
	glance, err := logIn(ctx)
	switch {
	case err != nil:
		return err
	case len(args) == 2 && args[0] == "list":
		return list(ctx, glance, args[1])
	case len(args) == 3 && args[0] == "upload":
		return upload(ctx, glance, args[1], args[2])
	case len(args) == 3 && args[0] == "download":
		return download(ctx, glance, args[1], args[2])
	}
	return fmt.Errorf("usage: bench list LIMIT | upload FILE NAME | download ID FILE; not %v", args)
}

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
