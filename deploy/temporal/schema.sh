#!/bin/sh
# Makes Temporal's two databases and brings their schemas up to date. May be run again at any time, and must be,
# with the new image, before a newer Temporal server is started.
#
# Reads DB_HOST, DB_PORT, DB_USER and, by the tool itself, SQL_PASSWORD.
set -eu

SCHEMAS=/etc/temporal/schema/postgresql/v12

prepare() {
    # Each of the three leaves alone what is there already.
    for step in "create" "setup-schema -v 0.0" "update-schema -d $SCHEMAS/$2/versioned"; do
        # shellcheck disable=SC2086 # the step's words are meant to be split
        temporal-sql-tool --plugin postgres12 --ep "$DB_HOST" -p "$DB_PORT" -u "$DB_USER" --db "$1" $step
    done
}

prepare temporal temporal
prepare temporal_visibility visibility
echo "Temporal's schemas are up to date"
