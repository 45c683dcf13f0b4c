"""The ports on PostgreSQL. Queries are in `activities/sql/`; time comes from a clock that is passed in."""
