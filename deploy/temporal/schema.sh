#!/bin/sh
# Creates Temporal's two databases and migrates their schemas. Safe to repeat; run it with the new image before you start
# a newer Temporal server.
#
# Reads DB_HOST, DB_PORT, DB_USER and, by the tool itself, SQL_PASSWORD.
set -eu

SCHEMAS=/etc/temporal/schema/postgresql/v12

prepare() {
    # Each of the three steps is a no-op if it was done before.
    for step in "create" "setup-schema -v 0.0" "update-schema -d $SCHEMAS/$2/versioned"; do
        # shellcheck disable=SC2086 # the step's words are meant to be split
        temporal-sql-tool --plugin postgres12 --ep "$DB_HOST" -p "$DB_PORT" -u "$DB_USER" --db "$1" $step
    done
}

prepare temporal temporal
prepare temporal_visibility visibility
echo "Temporal's schemas are up to date"
