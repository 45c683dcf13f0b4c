"""What tests ask the database itself."""

from activities.adapters.postgres.database import Database


async def rows(database: Database, sql: str, *values: object) -> list[tuple[object, ...]]:
    async with database.connection() as connection:
        return [tuple(row) for row in await connection.fetch(sql, *values)]
