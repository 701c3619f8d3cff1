"""placement-database.py CONFIGURATION: creates Placement's database."""
import sys

from oslo_config import cfg
from placement import conf, db_api
from placement.db.sqlalchemy import migration

config = cfg.ConfigOpts()
conf.register_opts(config)
config([], project='placement', default_config_files=sys.argv[1:])
db_api.configure(config)
migration.upgrade('head')
