"""What a download says of itself: licence, agreement, day and number, inside the file or beside it.

XLSX (properties and a sheet), XML and Parquet have a place of their own for it. A CSV or JSON of nothing but
rows has none that would not be a row; ``?bundle=1`` gives each format as a ZIP with ``LICENCE.txt`` and
checksums signed like those of open data (:mod:`ckanext.govdata.interchange.bundle`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ckanext.govdata.interchange import signing, zip_stream
from ckanext.govdata.interchange.bundle import CHECKSUMS, SIGNATURE
from licensing.core.clock import china_day

if TYPE_CHECKING:
    from ckanext.govdata.door.admission import Admitted
    from ckanext.govdata.door.spool import Spool

LICENCE: Final = "urn:govdata:licence:agreement"
"""What conditional data may be used for stands in their agreement and nowhere else."""
TERMS: Final = "LICENCE.txt"


def about(admitted: Admitted) -> dict[str, str]:
    """The same in every format; no name of a person or a partner."""
    return {
        "licence": LICENCE,
        "agreement": admitted.agreement,
        "dataset": admitted.name,
        "release": str(admitted.number),
        "download": admitted.call,
        "obtained": china_day(admitted.at).isoformat(),
    }


def bundled(folder: str, filename: str, file: Spool, sha256: str, said: dict[str, str]) -> Iterator[bytes]:
    """The ZIP around a file that is finished.

    Raises:
        SigningKeyInvalid: this installation has no key.
    """
    terms = _terms(said).encode()
    sums = {filename: sha256, TERMS: hashlib.sha256(terms).hexdigest()}
    checksums = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode()
    texts = {TERMS: terms, CHECKSUMS: checksums, SIGNATURE: signing.keys()[0].sign(checksums)}
    members = [
        zip_stream.Member(f"{folder}/{name}", len(text), lambda text=text: (text,))
        for name, text in texts.items()
    ]
    members.append(zip_stream.Member(f"{folder}/{filename}", file.size, file.pieces))
    return zip_stream.stream(members)


def _terms(said: dict[str, str]) -> str:
    return (
        f"许可 Licence: {said['licence']}\n"
        f"协议编号 Agreement: {said['agreement']}\n"
        f"数据 Dataset: {said['dataset']}，第 {said['release']} 次发布 release {said['release']}\n"
        f"下载编号 Download: {said['download']}\n"
        f"获取日期 Obtained: {said['obtained']}\n\n"
        "本数据为有条件提供的数据，只能按上述协议约定的目的、系统、期限使用，不得转让或者再行提供。\n"
        "利用数据形成的产品须注明数据来源和获取日期。不得设法识别记录所指的个人。\n"
        "These data are provided on conditions: for the purpose, system and term of the agreement above,\n"
        "and not to be passed on. Products made of them name the source and the day. Do not try to find out\n"
        "whom a record is about.\n"
    )
