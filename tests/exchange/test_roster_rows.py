"""Rows of a CSV file: whatever is wrong with some, the others are read, and no secret is."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.roster_rows import Fault, Faults, FileUnusable, Row, header_of, read_rows


def read(tmp_path: Path, content: bytes, required: tuple[str, ...] = ("id", "name")) -> tuple[list[Row], list[Fault]]:
    """Read a file with this content."""
    path = tmp_path / "users.csv"
    path.write_bytes(content)
    faults = Faults()
    return list(read_rows(path, required, (), faults)), faults.found


def names(rows: list[Row]) -> list[str]:
    """The names in the rows."""
    return [row["name"] for row in rows]


@pytest.mark.parametrize(
    "content",
    [
        b"id,name\n1,Anna\n2,Bo\n",
        b"\xef\xbb\xbfid,name\r\n1,Anna\r\n2,Bo\r\n",
        b"id,name\r1,Anna\r2,Bo",
        b"id;name\n1;Anna\n2;Bo",
        b'"ID"," Name "\n"1","Anna"\n\n2, Bo \n\n',
        b"shoe,name,id\n38,Anna,1\n40,Bo,2\n",
    ],
)
def test_line_ends_marks_separators_and_order_of_columns_do_not_matter(tmp_path: Path, content: bytes) -> None:
    """The same two rows are read however the file was saved."""
    rows, faults = read(tmp_path, content)
    assert [(row["id"], row["name"]) for row in rows] == [("1", "Anna"), ("2", "Bo")]
    assert faults == []


def test_a_quoted_line_break_belongs_to_its_row(tmp_path: Path) -> None:
    """Lines are counted as an editor counts them: the row after a row of two lines is named with its own line."""
    rows, faults = read(tmp_path, b'id,name\n1,"An\nna"\n2\n3,"say ""hej"", Bo"\n')
    assert names(rows) == ["An\nna", 'say "hej", Bo']
    assert [row.line for row in rows] == [2, 5]
    assert faults == [Fault("users.csv", 4, "", "the row has 1 fields, the header has 2")]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"2,Bo,extra", "the row has 3 fields, the header has 2"),
        (b"2", "the row has 1 fields, the header has 2"),
        (b"2,Sj\xf6berg", "the row is not UTF-8: save the file as UTF-8"),
        (b'2,"Bo', "a quote is opened here and not closed"),
        (b'2,"Bo"x', "the quotes in this row do not fit together"),
        (b"2," + b"B" * 70_000, "the row is longer than 65536 bytes"),
        (b'2,"' + b"B" * 70_000 + b'"', "the row is longer than 65536 bytes"),
    ],
)
def test_a_bad_row_is_named_and_the_rows_around_it_are_kept(tmp_path: Path, bad: bytes, reason: str) -> None:
    """File, line and reason, and nothing of what the row says."""
    rows, faults = read(tmp_path, b"id,name\n1,Anna\n" + bad + b"\n3,Cia\n4,Dan\n")
    assert names(rows) == ["Anna", "Cia", "Dan"]
    assert faults == [Fault("users.csv", 3, "", reason)]


def test_a_row_that_cannot_be_read_still_tells_whom_it_was_about(tmp_path: Path) -> None:
    """Its words are kept, so that nothing of the person whose id is among them ends."""
    path = tmp_path / "users.csv"
    path.write_bytes(b'id,name\n17,"Bo\n18,Sj\xf6,x\n19,Anna\n')
    faults = Faults()
    assert names(list(read_rows(path, ("id", "name"), (), faults))) == ["Anna"]
    assert {"17", "18"} <= faults.mentioned
    assert "19" not in faults.mentioned


@pytest.mark.parametrize("header", ["id,password,name", "id,name,password", "password,id,name"])
@pytest.mark.parametrize(
    "row",
    [
        "17,{0},{1},x",
        "17,{0}",
        '17,"{0},{1}',
        '"17,{0},{1}',
        "{0},{1}",
        "17,{0},{1}\xff",
        '17,"a,b",{0},{1}',
        '1"7,{0},{1}',
    ],
)
def test_a_secret_in_a_row_that_cannot_be_read_is_not_kept_either(tmp_path: Path, header: str, row: str) -> None:
    """Wherever the column stands and however the row is broken (G-20)."""
    place = header.split(",").index("password")
    fields = {0: ("hemligt", "17", "Anna"), 1: ("17", "hemligt", "Anna"), 2: ("17", "Anna", "hemligt")}[place]
    broken = row.replace("17", fields[0]).replace("{0}", fields[1]).replace("{1}", fields[2])
    path = tmp_path / "users.csv"
    path.write_bytes(f"{header}\n{broken}\n".encode("latin-1"))
    faults = Faults()
    rows = list(read_rows(path, ("id", "name"), (), faults))
    assert "hemligt" not in repr(rows) + repr(faults)


@pytest.mark.parametrize(
    ("content", "line", "column", "part"),
    [
        (b"", 0, "", "empty"),
        (b"\n\n", 0, "", "empty"),
        (b"id,nam\n1,Anna\n", 1, "name", "missing"),
        (b"id,name,NAME\n1,Anna,B\n", 1, "name", "more than once"),
        ("id,name\n1,Anna\n".encode("utf-16"), 0, "", "not UTF-8"),
        (b"id,n\xe4me\n", 1, "", "not UTF-8"),
    ],
)
def test_a_file_without_a_usable_header_is_named_as_a_whole(
    tmp_path: Path, content: bytes, line: int, column: str, part: str
) -> None:
    """No row is guessed at."""
    with pytest.raises(FileUnusable) as refused:
        read(tmp_path, content)
    fault = refused.value.fault
    assert (fault.line, fault.column) == (line, column)
    assert part in fault.reason


@pytest.mark.parametrize("column", ["password", "PassWord", "user_pwd", "lösenord", "accessToken"])
def test_a_secret_column_is_not_even_known_of(tmp_path: Path, column: str) -> None:
    """It is no column of the header, nobody can ask for it, and its values are in no row (G-20)."""
    path = tmp_path / "users.csv"
    path.write_text(f"id,{column},name\n1,hemligt,Anna\n", encoding="utf-8")
    assert header_of(path) == ["id", "name"]
    faults = Faults()
    (row,) = read_rows(path, ("id", "name"), (), faults)
    assert dict(row.values) == {"id": "1", "name": "Anna"}
    with pytest.raises(ValueError, match="never read"):
        list(read_rows(path, ("id",), (column,), faults))


@settings(deadline=None)
@given(content=st.binary(max_size=400))
def test_no_bytes_whatever_break_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Every line after a good header is a row, or a fault, or part of a quoted row; and the last good row is found."""
    tmp_path = tmp_path_factory.mktemp("any")
    body = content.replace(b'"', b"").replace(b"\r", b"\n")
    rows, faults = read(tmp_path, b"id,name\n" + body + b"\n9,Last\n")
    assert names(rows)[-1] == "Last"
    lines = [line for line in body.split(b"\n") if line.strip()]
    assert len(rows) - 1 + len(faults) == len(lines)
    read(tmp_path, b"id,name\n" + content)
