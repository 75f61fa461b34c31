# Renames the subset so that it does not carry the name of the original; the outlines are untouched.
import sys
from fontTools.ttLib import TTFont
src, dst = sys.argv[1:3]
FAMILY, PS = "Seatcast Sans SC", "SeatcastSansSC-Regular"
f = TTFont(src, recalcTimestamp=False)
name = f["name"]
old = {n.nameID: n.toUnicode() for n in name.names}
name.names = []
for i, text in {
    0: old[0],
    1: FAMILY,
    2: "Regular",
    3: "2.004;seatcast;" + PS,
    4: FAMILY,
    5: old[5],
    6: PS,
    10: "A subset of Noto Sans CJK SC 2.004, renamed; vertical metrics 960 / -280",
    13: "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
    14: "https://openfontlicense.org",
}.items():
    name.setName(text, i, 3, 1, 0x409)
if "GlyphOrder" in f.tables: del f.tables["GlyphOrder"]
cff = f["CFF "].cff
cff.fontNames = [PS]
top = cff.topDictIndex[0]
top.FullName, top.FamilyName = FAMILY, FAMILY
for fd in top.FDArray:
    if hasattr(fd, "FontName"): fd.FontName = fd.FontName.replace("NotoSansCJKjp", "SeatcastSansSC").replace("NotoSansCJKsc", "SeatcastSansSC")
f["OS/2"].achVendID = "NONE"
f.save(dst, reorderTables=False)
