"""``/dataset/<name>/package.zip``: the whole dataset in one signed archive, and the key to verify it with.

Article: SX-15, SX-16 (verifiable by anyone).
"""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response

from ckanext.govdata.interchange import bundle, gather, signing
from ckanext.govdata.interchange.entry import Entry, fingerprint
from ckanext.govdata.model import Release, ReleaseArtifact
from ckanext.govdata.portal import acceptance, use_count
from ckanext.govdata.storage import buckets, download_count
from ckanext.govdata.storage.errors import StorageError
from ckanext.govdata.views.documents import answer, found, refusal, unpublished
from ckanext.govdata.views.download import DownloadResponse, content_disposition

whole_dataset = Blueprint("govdata_whole_dataset", __name__)


@whole_dataset.get("/dataset/<name>/package.zip")
def package_zip(name: str) -> Response:
    """The current release with dictionary, licence, citation, checksums and signature.

    ``?format=csv`` leaves the other formats out. No ranges: the checksum of a part follows its bytes.
    """
    entry = found(name)
    if isinstance(entry, Response):
        return entry
    if entry.release is None:
        return _was_withdrawn(entry) or unpublished()
    wanted = tk.request.args.getlist("format")
    keys = _keys(entry)
    try:
        made = bundle.make(
            entry,
            gather.site(),
            signing.keys()[0],
            lambda file: buckets.public().stream(keys[file.format]),
            frozenset(wanted) if wanted else None,
        )
    except LookupError:
        return refusal(404, "no_such_format", "没有这种格式。", "There is no such format.")
    except signing.SigningKeyInvalid as error:
        return refusal(503, "no_signing_key", error.zh, error.en)
    headers = {
        "ETag": f'"{made.etag}"',
        "Content-Disposition": content_disposition(made.filename),
        "Content-Length": str(made.size),
        "Accept-Ranges": "none",
        "X-Content-Type-Options": "nosniff",
        "Access-Control-Allow-Origin": "*",
    }
    given = tk.request.if_none_match
    if given.star_tag or given.contains_weak(made.etag):
        del headers["Content-Length"]
        return DownloadResponse(status=304, headers=headers)
    if tk.request.method == "HEAD":
        return DownloadResponse(headers=headers, content_type="application/zip")
    try:
        for file in entry.release.files:
            buckets.public().head(keys[file.format])
    except StorageError as error:
        return refusal(503, "file_unavailable", error.zh, error.en)
    # An archive is one download, counted under the first file in it.
    counted = next(file for file in entry.release.files if not wanted or file.format in wanted)
    download_count.add(keys[counted.format])
    use_count.count_download(keys[counted.format])
    taken = acceptance.of_file(model.Session, keys[counted.format])
    if taken is not None:
        headers["Link"] = taken[1].link
        acceptance.count(*taken)
    return DownloadResponse(
        made.stream(), headers=headers, content_type="application/zip", direct_passthrough=True
    )


def _keys(entry: Entry) -> dict[str, str]:
    """Format → key of the object; asked anew, because a public picture does not hold keys."""
    assert entry.release is not None  # noqa: S101 - the caller has refused an entry without one
    rows = model.Session.execute(
        sa.select(ReleaseArtifact.format, ReleaseArtifact.key)
        .join(Release, Release.id == ReleaseArtifact.release_id)
        .where(
            Release.dataset_id == entry.id,
            Release.number == entry.release.number,
            Release.status == "published",
        )
    )
    return {row.format: row.key for row in rows}


def _was_withdrawn(entry: Entry) -> Response | None:
    withdrawn = model.Session.execute(
        sa.select(Release.number)
        .where(Release.dataset_id == entry.id, Release.status == "withdrawn")
        .limit(1)
    ).first()
    if withdrawn is None:
        return None
    zh = "这个数据集的发布已经撤回，其中的文件不再提供。"
    return refusal(
        410, "withdrawn", zh, "The release of this dataset was withdrawn; its files are no longer provided."
    )


@whole_dataset.get("/.well-known/govdata-signing-key.pem")
def signing_key() -> Response:
    """The public keys of the portal, the one in use first."""
    try:
        keys = signing.keys()
    except signing.SigningKeyInvalid as error:
        return refusal(503, "no_signing_key", error.zh, error.en)
    text = "".join(key.public_pem() for key in keys)
    return answer(lambda: text, "application/x-pem-file", fingerprint(text))
