"""The ports on PostgreSQL. Queries stand in `activities/sql/`; time comes from a clock that is passed in."""
