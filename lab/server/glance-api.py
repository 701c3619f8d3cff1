"""Starts glance-api like its Debian package, which also has debconf questions and an init script."""
import sys

from glance.cmd.api import main

sys.exit(main())
