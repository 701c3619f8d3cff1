"""glance-api, as its Debian package starts it; that package has debconf questions and an init script beside these lines."""
import sys

from glance.cmd.api import main

sys.exit(main())
