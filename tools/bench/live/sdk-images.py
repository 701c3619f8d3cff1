#!/usr/bin/python3
"""sdk-images.py [LIMIT]: lists images with openstacksdk, LIMIT to a page, and prints them as they come."""
import sys

import openstack

query = {'limit': int(sys.argv[1])} if len(sys.argv) > 1 else {}
for image in openstack.connect().image.images(**query):
    print(image.id, image.name, image.status, image.size)
