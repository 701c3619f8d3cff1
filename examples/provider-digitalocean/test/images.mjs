// @ts-check
// Images in the shape of GET /v2/images. Handmade after the examples of digitalocean/openapi (images/responses/examples.yml).

/** @type {readonly Record<string, any>[]} */
export const images = [
  { id: 155133621, name: '24.04 (LTS) x64', distribution: 'Ubuntu', slug: 'ubuntu-24-04-x64', public: true, regions: ['nyc3', 'ams3', 'fra1'], created_at: '2024-04-26T14:29:35Z', type: 'base', min_disk_size: 7, size_gigabytes: 0.6, description: 'Ubuntu 24.04 x86', tags: [], status: 'available', error_message: '' },
  { id: 63663980, name: '20.04 (LTS) x64', distribution: 'Ubuntu', slug: 'ubuntu-20-04-x64', public: true, regions: ['nyc3'], created_at: '2020-05-15T05:47:50Z', type: 'snapshot', min_disk_size: 20, size_gigabytes: 2.36, description: '', tags: [], status: 'available', error_message: '' },
  { id: 106433672, name: '9 Stream x64', distribution: 'CentOS', slug: 'centos-stream-9-x64', public: true, regions: ['nyc3', 'ams3'], created_at: '2022-04-21T16:09:21Z', type: 'base', min_disk_size: 10, size_gigabytes: 1.02, description: 'CentOS 9 Stream x86', tags: [], status: 'available', error_message: '' },
  { id: 152622470, name: 'Docker on Ubuntu 22.04', distribution: 'Ubuntu', slug: 'docker-20-04', public: true, regions: ['nyc3', 'ams3'], created_at: '2024-03-18T21:44:58Z', type: 'snapshot', min_disk_size: 25, size_gigabytes: 1.98, description: '', tags: [], status: 'available', error_message: '' },
  { id: 7555620, name: 'Nifty New Snapshot', distribution: 'Ubuntu', slug: null, public: false, regions: ['nyc1', 'nyc3'], created_at: '2014-11-04T22:23:02Z', type: 'snapshot', min_disk_size: 20, size_gigabytes: 2.34, description: '', tags: ['prod', 'web'], status: 'available', error_message: '' },
  { id: 7555621, name: 'A custom image', distribution: 'Arch Linux', slug: null, public: false, regions: ['nyc3'], created_at: '2014-11-04T22:23:02Z', type: 'custom', min_disk_size: 20, size_gigabytes: 2.34, description: 'of our own', tags: ['prod'], status: 'available', error_message: '' },
  { id: 7555622, name: 'web-1 2026-10-31', distribution: 'Debian', slug: null, public: false, regions: ['ams3'], created_at: '2026-10-31T03:12:09Z', type: 'backup', min_disk_size: 25, size_gigabytes: 3.1, description: '', tags: [], status: 'available', error_message: '' },
  { id: 7555623, name: 'still importing', distribution: 'Unknown', slug: null, public: false, regions: ['fra1'], created_at: '2026-11-01T09:00:00Z', type: 'custom', min_disk_size: 0, size_gigabytes: 0, description: '', tags: [], status: 'pending', error_message: '' },
]
