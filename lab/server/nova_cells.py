"""Nova's databases and cells: the API's, cell1 for all servers, cell0 for servers that were never placed. Import it after Nova is
monkey-patched and configured.
"""
import shutil

import nova.conf
from nova import context, objects

CONF = nova.conf.CONF
CELL1_UUID = '11111111-1111-4111-8111-111111111111'


def set_cell_mappings():
    """Runs at every start: cells contain absolute paths of database files, and the database may be a copy of another lab's."""
    cell1 = CONF.database.connection
    cell0 = cell1.replace('nova_cell1.db', 'nova_cell0.db')
    admin = context.get_admin_context()
    wanted = ((objects.CellMapping.CELL0_UUID, 'cell0', 'none:///', cell0), (CELL1_UUID, 'cell1', CONF.transport_url, cell1))
    known = {cell.uuid: cell for cell in objects.CellMappingList.get_all(admin)}
    for uuid, name, transport, database in wanted:
        cell = known.get(uuid) or objects.CellMapping(admin, uuid=uuid)
        cell.name, cell.transport_url, cell.database_connection, cell.disabled = name, transport, database, False
        if uuid in known:
            cell.save()
        else:
            cell.create()


def make_databases():
    from nova.db import migration
    migration.db_sync(database='api')
    migration.db_sync(database='main')
    cell1 = CONF.database.connection.removeprefix('sqlite:///').split('?')[0]
    shutil.copyfile(cell1, cell1.replace('nova_cell1.db', 'nova_cell0.db'))
