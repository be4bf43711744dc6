"""Which databases accept plaintext unless their parameter group refuses it.

Sources: RDS user guide, "Requiring an SSL connection" of PostgreSQL (on from 15), "Requiring SSL/TLS" of MariaDB (on
from 11.8), of MySQL and of SQL Server; Aurora user guide, the same of PostgreSQL (on from 17) and MySQL.
"""

from __future__ import annotations

import re

from policies.library.model import Configuration, Resource
from policies.library.values import Unknown, UnknownValue

DATABASES = {"aws_db_instance": "parameter_group_name", "aws_rds_cluster": "db_cluster_parameter_group_name"}
"""Databases, and where they name their parameter group."""

GROUPS = ("aws_db_parameter_group", "aws_rds_cluster_parameter_group")

_OFF_BY_DEFAULT = {
    "mariadb": "require_secure_transport",
    "mysql": "require_secure_transport",
    "sqlserver": "rds.force_ssl",
    **{f"postgres{version}": "rds.force_ssl" for version in ("9", "10", "11", "12", "13", "14")},
}
"""How families of aws_db_parameter_group begin -> the parameter that must be switched on in them."""
_ON_BY_DEFAULT = "mariadb11.8"
_SOURCES = ("replicate_source_db", "replication_source_identifier")
_FIRST_WITH_TLS = {"postgres": 15, "aurora-postgresql": 17}


def required_in_family(family: str) -> str:
    """The parameter that a group of an RDS family has to set, empty if none."""
    if family == _ON_BY_DEFAULT:
        return ""
    return next((name for prefix, name in _OFF_BY_DEFAULT.items() if family.startswith(prefix)), "")


def required_of(database: Resource, configuration: Configuration) -> str:
    """The parameter that a database without a group of its own lacks, empty if none. Raises UnknownValue.

    A group that is declared here is judged there; one of elsewhere may have the parameter.
    """
    name = DATABASES[database.type]
    group = database.get(name)
    is_declared = any(each.type in GROUPS for each in configuration.resolve(group))
    if is_declared or any(database.has(each) for each in _SOURCES):
        return ""
    required = _required_by_default(database)
    if required and isinstance(group, Unknown):
        raise group.failure(f"{database.place}.{name}")
    if required and group and not str(group).startswith("default."):
        raise UnknownValue(repr(group), f"{database.place}.{name}", "the parameter group is not declared here")
    return required


def _required_by_default(database: Resource) -> str:
    """The parameter that the default parameter group lacks, empty if none. Raises UnknownValue."""
    engine = database.text("engine").lower()
    first = _FIRST_WITH_TLS.get(engine)
    if first is not None:
        major = re.match(r"\d+", database.text("engine_version"))
        return "rds.force_ssl" if major and int(major[0]) < first else ""  # without a version it is the newest
    if engine == "mariadb":
        return required_in_family(f"mariadb{'.'.join(database.text('engine_version', default='11.8').split('.')[:2])}")
    if engine == "aurora-mysql":
        return "require_secure_transport"
    return required_in_family(engine)
