"""make-keys.py DIRECTORY...: creates key repositories for Keystone, like fernet_setup and credential_setup of keystone-manage (2 seconds each)."""
import base64
import os
import sys

for directory in sys.argv[1:]:
    os.makedirs(directory, mode=0o700, exist_ok=True)
    for number in '01':
        path = os.path.join(directory, number)
        if not os.path.exists(path):
            with open(path, 'wb') as file:
                file.write(base64.urlsafe_b64encode(os.urandom(32)))
