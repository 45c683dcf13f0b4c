"""Text that has steered letters elsewhere."""

from hypothesis import strategies as st

# Encoded words of several charsets, whole, broken and nested, and breaks of all kinds.
HOSTILE = st.sampled_from(
    [
        "=?utf-8?q?=0D=0AReply-To:_mallory@example.org?=",
        "=?utf-8?q?=0D=0A=0D=0AA body?=",
        "=?UTF-8?B?DQpSZXBseS1UbzogbWFsbG9yeUBleGFtcGxlLm9yZw==?=",
        "=?iso-8859-1*en?q?=0ABcc:_eve@example.org?=",
        "=?utf-16?b?DQAKAEIAYwBjADoA?=",
        "=?utf-7?q?+AA0ACg-Bcc:_eve@example.org?=",
        "=?us-ascii?q?=00?=",
        "=?unknown-8bit?q?=FF=0D=0A?=",
        "=?utf-8?q?=3D=3Futf-8=3Fq=3F=0D=0ABcc:_eve=3F=3D?=",
        "=?utf-8?q?=0D?= =?utf-8?q?=0ABcc:_eve@example.org?=",
        "=?utf-8?x?a?=",
        "=?",
        "?=",
        "\r\n",
        "\r",
        "\n",
        "\r\n\r\n",
        "\r\n ",
        "\x00",
        "\x0b",
        "\x0c",
        "\x1b[2J",
        "\x85",
        "\u2028",
        "\u2029",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\ud83d",
        "\udc80",
        "Bcc: eve@example.org",
        '"',
        "\\",
        "<eve@example.org>",
        ",",
        ";",
        "(",
        "--=",
        "\n.\n",
        "👩\u200d💻",
        "Müller",
        "x" * 300,
    ]
)
TEXT = st.lists(HOSTILE | st.text(max_size=20), max_size=8).map("".join)
