# Reads the lock file itself: no step before `terraform plan`, and no request to look up an image.
locals {
  pins = jsondecode(file("${path.module}/../images.lock.json"))
}

output "web" {
  value = local.pins["web hetzner/production"].id
}

# resource "hcloud_server" "web" {
#   image = local.pins["web hetzner/production"].id
#   …
# }

# Or from the file that `imago lock --locked -o tfvars > terraform/images.auto.tfvars` writes:
variable "image_ids" {
  type    = map(map(string))
  default = {}
}
