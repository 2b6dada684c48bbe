"""Capture files, for programs that read what went over a network."""

import struct


def capture(port, payloads):
    """A pcap file of TCP segments to a port, each from a port of its own; checksums are left at zero."""
    # Microseconds, version 2.4, Ethernet.
    file = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1)
    for index, payload in enumerate(payloads):
        data = frame(20_000 + index, port, payload)
        file += struct.pack("<IIII", index, 0, len(data), len(data)) + data
    return file


def frame(source, destination, payload):
    """An Ethernet frame that carries a TCP segment over IPv4, between addresses that are for documentation."""
    tcp = struct.pack(">HHIIBBHHH", source, destination, 1, 1, 5 << 4, 0x18, 65_535, 0, 0)
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp) + len(payload), 0, 0, 64, 6, 0)
    ip += bytes((192, 0, 2, 1, 192, 0, 2, 2))
    return bytes.fromhex("020000000002 020000000001 0800") + ip + tcp + payload
