#!/bin/sh
# Creates the namespace and registers the search attributes of escalations. Safe to repeat.
#
# Reads TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE (the `temporal` program reads them too), RETENTION, and
# SEARCH_ATTRIBUTES: Name=Type, separated by spaces.
set -eu

if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" > /dev/null 2>&1; then
    temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION" > /dev/null
    echo "namespace $TEMPORAL_NAMESPACE was there"
else
    temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION" > /dev/null
    echo "namespace $TEMPORAL_NAMESPACE made"
fi

# A new namespace takes a moment to reach every part of the server.
tries=30
until temporal operator search-attribute list > /dev/null 2>&1; do
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ]; then
        echo "the server does not list the search attributes of $TEMPORAL_NAMESPACE" >&2
        exit 1
    fi
    sleep 1
done

for attribute in $SEARCH_ATTRIBUTES; do
    name=${attribute%%=*}
    type=${attribute#*=}
    # A no-op if it is registered with this type; an error if it has another type.
    temporal operator search-attribute create --name "$name" --type "$type" > /dev/null
    echo "search attribute $name is of type $type"
done
