"""Small rosters for tests."""


def person(id_: str, tiers: str = "[1]", skills: str = "[billing]", **changes: object) -> str:
    """One person of a roster file."""
    values = {"id": id_, "name": id_, "address": f"{id_}@example.com", "skills": skills, "tiers": tiers, "max_open": 5}
    values |= changes
    return "  - {" + ", ".join(f"{name}: {value}" for name, value in values.items()) + "}\n"


def roster_of(*people: str, rest: str = "", beside: str = "") -> str:
    """A roster file of these people, and of what follows them. Who is in no shift, nor beside, is asked around the clock."""
    if "shifts:" in rest:
        people = tuple(
            each if _id(each) in rest + beside else each.replace("}\n", ", always: true}\n") for each in people
        )
    return "people:\n" + "".join(people) + rest


def _id(person: str) -> str:
    return person.partition("id: ")[2].partition(",")[0]
