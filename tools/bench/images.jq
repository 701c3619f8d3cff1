# The main fields of imago's images, for the records that the benchmark generates.
. as $raw
| if has("os_flavor") then
    {
      ref: { provider: "hetzner", cloud: null, region: null, id: (.id | tostring) },
      name: (if .name == "" then null else .name end),
      description,
      kind: .type,
      status: (if .deleted then "deleted" elif .status == "creating" then "pending" else .status end),
      providerStatus: .status,
      visibility: (if .type == "system" or .type == "app" then "public" else "private" end),
      hidden: null,
      owner: null,
      protected: .protection.delete,
      rapidDeploy: .rapid_deploy,
      architecture: { x86: "x86_64", arm: "aarch64" }[.architecture],
      os: { family: "linux", distro: .os_flavor, version: .os_version, defaultUser: null },
      size: {
        stored: (if .image_size then .image_size * 1024000000 else null end),
        virtual: (.disk_size * 1024000000),
        minDisk: (.disk_size * 1024000000),
        minRam: null
      },
      digests: [],
      createdAt: .created,
      updatedAt: null,
      deletedAt: .deleted,
      deprecatedAt: (.deprecation.announced // .deprecated),
      unavailableAfter: .deprecation.unavailable_after,
      origins: [
        (.created_from // empty | { relation: "created-from", kind: "server", id: (.id | tostring), name }),
        (.bound_to // empty | { relation: "bound-to", kind: "server", id: tostring, name: null })
      ],
      stores: [],
      labels,
      tags: [],
      properties: {},
      raw: $raw
    }
  else
    {
      ref: { provider: "openstack", cloud: null, region: null, id },
      name,
      description,
      kind: (.image_type // "image"),
      status: (if .status == "active" then "available" else .status end),
      providerStatus: .status,
      visibility,
      hidden: .os_hidden,
      owner,
      protected,
      rapidDeploy: null,
      architecture,
      os: { family: .os_type, distro: .os_distro, version: .os_version, defaultUser: .os_admin_user },
      size: {
        stored: .size,
        virtual: .virtual_size,
        minDisk: (.min_disk * 1073741824),
        minRam: (.min_ram * 1048576)
      },
      digests: [
        { algorithm: .os_hash_algo, value: .os_hash_value, of: "stored", assertedBy: "provider" },
        { algorithm: "md5", value: .checksum, of: "stored", assertedBy: "provider" }
      ],
      createdAt: .created_at,
      updatedAt: .updated_at,
      deletedAt: null,
      deprecatedAt: null,
      unavailableAfter: null,
      origins: [
        (.instance_uuid // empty | { relation: "created-from", kind: "server", id: ., name: null }),
        (.base_image_ref // empty | { relation: "based-on", kind: "image", id: ., name: null })
      ],
      stores: [.stores],
      labels: {},
      tags: (.tags | sort),
      properties: del(
        .id, .name, .status, .visibility, .size, .virtual_size, .disk_format, .container_format, .checksum, .os_hash_algo, .os_hash_value, .min_disk,
        .min_ram, .owner, .protected, .os_hidden, .created_at, .updated_at, .tags, .self, .file, .schema, .stores
      ),
      raw: $raw
    }
  end
