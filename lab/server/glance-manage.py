"""glance-manage: creates Glance's database."""
import sys

from glance.cmd.manage import main

sys.exit(main())
