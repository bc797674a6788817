"""Scalars out of TensorBoard event files, without TensorBoard. Standard library only.

A file is a row of records: length (8 bytes, little endian), checksum of these 8 bytes, data, checksum of the data.
Each record holds one Event, a protocol buffer; checksums are masked CRC-32C.
"""

import struct

POLYNOMIAL = 0x82F63B78
MASK_DELTA = 0xA282EAD8
LARGEST_SCALAR = 1 << 16  # bytes; a longer record is an image, a histogram or a graph
FLOAT, DOUBLE = 1, 2  # of a tensor


def make_table():
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ POLYNOMIAL if value & 1 else value >> 1
        table.append(value)
    return tuple(table)


TABLE = make_table()


def crc32c(data):
    value = 0xFFFFFFFF
    for byte in data:
        value = TABLE[(value ^ byte) & 0xFF] ^ (value >> 8)
    return value ^ 0xFFFFFFFF


def masked(data):
    value = crc32c(data)
    return (((value >> 15) | (value << 17)) + MASK_DELTA) & 0xFFFFFFFF


class DamagedFile(Exception):
    """A checksum is wrong; nothing behind it can be trusted."""


class EventFile:
    """Reads a file that is still being written: a torn record at the end is waited for."""

    def __init__(self, path):
        self.path = path
        self.offset = 0

    def read(self):
        """New scalars [(step, tag, value)]. Raises DamagedFile."""
        found = []
        with open(self.path, "rb") as file:
            file.seek(self.offset)
            while True:
                data, size = self.record(file)
                if size == 0:
                    return found
                self.offset += size
                if data is not None:
                    found += scalars(data)

    def record(self, file):
        """(data, size); data is None for one too long to hold scalars, size 0 = not all there yet."""
        head = file.read(12)
        if len(head) < 12:
            return None, 0
        (length, check) = struct.unpack("<QI", head)
        if masked(head[:8]) != check:
            raise DamagedFile("%s is damaged at byte %d." % (self.path, self.offset))
        body = file.read(length + 4)
        if len(body) < length + 4:
            return None, 0
        if length > LARGEST_SCALAR:
            return None, length + 16
        if masked(body[:length]) != struct.unpack("<I", body[length:])[0]:
            raise DamagedFile("%s is damaged at byte %d." % (self.path, self.offset))
        return body[:length], length + 16


def scalars(event):
    """[(step, tag, value)] of one Event."""
    step = 0
    summaries = []
    for number, value in fields(event):
        if number == 2:
            step = value - (1 << 64) if value >= 1 << 63 else value
        elif number == 5:
            summaries.append(value)
    found = []
    for summary in summaries:
        for number, value in fields(summary):
            if number == 1:
                tag, scalar = read_value(value)
                if tag is not None and scalar is not None:
                    found.append((step, tag, scalar))
    return found


def read_value(data):
    tag = scalar = None
    for number, value in fields(data):
        if number == 1:
            tag = value.decode("utf-8", "replace")
        elif number == 2 and isinstance(value, bytes):
            scalar = struct.unpack("<f", value)[0]
        elif number == 8:
            scalar = read_tensor(value)
    return tag, scalar


def read_tensor(data):
    """The value of a tensor with one number, None = it is none."""
    kind, content, packed = None, b"", b""
    for number, value in fields(data):
        if number == 1:
            kind = value
        elif number == 4:
            content = value
        elif number in (5, 6):
            packed = value
    form = {FLOAT: "<f", DOUBLE: "<d"}.get(kind)
    raw = content or packed
    if form is None or len(raw) != struct.calcsize(form):
        return None
    return struct.unpack(form, raw)[0]


def fields(data):
    """(number, value) of a protocol buffer: integers, or bytes for fixed and length-delimited fields."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = varint(data, at)
        else:
            if wire == 2:
                length, at = varint(data, at)
            else:
                length = {1: 8, 5: 4}.get(wire)
            if length is None or at + length > len(data):
                return  # a kind of field that is not ours; the rest cannot be told apart
            value, at = data[at:at + length], at + length
        yield number, value


def varint(data, at):
    value = shift = 0
    while at < len(data):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    return value, at
