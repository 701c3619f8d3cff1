# packer build -var-file=images.pkrvars.hcl web.pkr.hcl, after: imago lock --locked -o pkrvars > packer/images.pkrvars.hcl
variable "image_ids" {
  type = map(map(string))
}

source "hcloud" "web" {
  image       = var.image_ids["web"]["hetzner/production"]
  location    = "nbg1"
  server_type = "cx22"
  ssh_username = "root"
}

build {
  sources = ["source.hcloud.web"]
}
