"""Publication: a saga of repeatable steps with one commit that makes the release public.

::

    outputs    every format under immutable random keys of the public bucket; nobody is told the keys
    datastore  the table under the id of a resource that is in no dataset yet: nobody may read it
    changes    what is new against the release that is current now, counted
    public     ONE commit: release published, its forerunner no longer current, the dataset's resources
    effects    search index, views, the forerunner's table, the staged objects (outbox, until done)

The data of an entry that is open or shared on conditions take another way, :mod:`…release.provide`, which
ends in the door's database and never in a public place.

A step that is done stands in ``govdata_release_step`` and is not done again. Killed before ``public``
nothing is public and the scheduler lets another worker go on; killed after it, everything is public and
the outbox finishes the rest. See ADR 0004.

Article: SX-15 (machine-readable and free), SX-8 (publication on record).
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata import config
from ckanext.govdata.model import Release, ReleaseArtifact, ReleaseStep
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release import assess, catalogue_entry, compare, stage, steps, work
from ckanext.govdata.release.artifacts import Artifact
from ckanext.govdata.release.effects import owe
from ckanext.govdata.release.errors import NothingStaged, SubmissionRefused
from ckanext.govdata.release.work import Claim, Heartbeat
from ckanext.govdata.storage import buckets, sealed
from licensing.core.errors import Conflict

if TYPE_CHECKING:
    import polars as pl

BATCH_ROWS = 50_000
TABLE_FORMAT = "csv"
"""The format whose resource carries the DataStore table."""


def request(session: Any, release_id: str, actor: model.User) -> Release:
    """Queue the publication: → ``publishing``."""
    release = steps.lock(session, release_id)
    steps.take(session, release, "publish", actor)
    ensure_fit(release, model.Package.get(release.dataset_id))
    release.failure = None
    work.queue(session, release, "publish", "outputs")
    return release


def perform(session: Any, release_id: str, beat: Heartbeat) -> None:
    """The worker's part: every step that is not done yet, then the one commit."""
    if stage.channel(model.Package.get(steps.get(session, release_id).dataset_id)) != stage.PUBLIC_CHANNEL:
        from ckanext.govdata.release import provide

        provide.perform(session, release_id, beat)
        return
    outputs = finished(session, release_id, "outputs")
    if outputs is None:
        outputs = _write_outputs(session, release_id, beat)
        note(session, beat.held, "outputs", outputs)
    table = finished(session, release_id, "datastore")
    if table is None:
        table = _load_table(session, release_id, outputs, beat)
        note(session, beat.held, "datastore", table)
    if finished(session, release_id, compare.STEP) is None:
        note(session, beat.held, compare.STEP, _compare(session, release_id, table["resource_id"]))
    beat.progress("public", 0, 1)
    _make_public(session, beat.held, outputs, active=table["resource_id"])


def roll_back(session: Any, release: Release) -> None:
    """Owe the removal of everything that steps of a failed publication made."""
    outputs = finished(session, release.id, "outputs")
    if outputs is not None:
        owe(session, release.id, "drop_table", resource_id=_table_resource(outputs))
    owe(session, release.id, "drop_door", table=release.id)
    owe(session, release.id, "destroy_prefix", prefix=stage.public_prefix(release.id))
    session.execute(sa.delete(ReleaseStep).where(ReleaseStep.release_id == release.id))


def _write_outputs(session: Any, release_id: str, beat: Heartbeat) -> dict[str, Any]:
    from ckanext.govdata.release.outputs import write_outputs

    release = steps.get(session, release_id)
    dataset = model.Package.get(release.dataset_id)
    ensure_fit(release, dataset)
    key, total = release.result_key, release.findings["source"]["rows"]
    fields = catalogue_entry.fields(release, dataset)
    basename = dataset.name
    session.rollback()
    beat.check()
    store = buckets.public()
    # What an attempt before this one left half-made is of no use to anybody.
    store.delete_prefix(stage.public_prefix(release_id))
    prefix = stage.public_prefix(release_id) + secrets.token_urlsafe(16)
    made = write_outputs(
        lambda: batches(key),
        fields,
        config.formats(),
        store,
        prefix,
        basename=basename,
        total=total,
        progress=lambda _stage, done, rows: beat.progress("outputs", done, rows),
    )
    return {
        "artifacts": [asdict(artifact) for artifact in made],
        "resources": {artifact.format: str(uuid.uuid4()) for artifact in made},
    }


def _load_table(session: Any, release_id: str, outputs: dict[str, Any], beat: Heartbeat) -> dict[str, Any]:
    from ckanext.govdata import datastore_load

    release = steps.get(session, release_id)
    dataset = model.Package.get(release.dataset_id)
    key, total = release.result_key, release.findings["source"]["rows"]
    fields = catalogue_entry.fields(release, dataset)
    resource_id = _table_resource(outputs)
    if model.Resource.get(resource_id) is not None:
        # Would be readable while it is loaded.
        raise Conflict("数据表编号已被占用，请重新发布。", "The id of the table is taken; publish again.")
    session.rollback()
    beat.progress("datastore", 0, total)
    beat.check()
    try:
        datastore_load.load(resource_id, fields, lambda: batches(key), total, progress=beat.progress)
    except datastore_load.TableTooWide as error:
        # The files hold every column all the same; only preview and query API do without.
        return {"resource_id": None, "code": error.code}
    return {"resource_id": resource_id}


def _compare(session: Any, release_id: str, new_table: str | None) -> dict[str, Any]:
    release = steps.get(session, release_id)
    forerunner = session.execute(
        sa.select(Release).where(
            Release.dataset_id == release.dataset_id, Release.current, Release.status == "published"
        )
    ).scalar()
    if forerunner is None:
        return {}
    old_table = table_of(session, forerunner.id)
    return compare.compare(release, forerunner, new_table, old_table).document()


def _make_public(session: Any, held: Claim, outputs: dict[str, Any], *, active: str | None) -> None:
    """The commit. Everything in it is one transaction; before it nothing is public, after it all is."""
    release = work.settle(session, held)
    stage.one_at_a_time(session, release.dataset_id)
    dataset = model.Package.get(release.dataset_id)
    ensure_fit(release, dataset, stage.PUBLIC_CHANNEL)
    artifacts = [Artifact(**document) for document in outputs["artifacts"]]
    forerunner = session.execute(
        sa.select(Release).where(Release.dataset_id == release.dataset_id, Release.current).with_for_update()
    ).scalar()
    replaced: list[str] = []
    if forerunner is not None:
        forerunner.current = False
        replaced = resource_ids(session, forerunner.id)
        if forerunner.status == "provided":
            stage.destroy(session, forerunner)
        # Flushed apart: the index of current releases must never see two.
        session.flush()
    for artifact in artifacts:
        session.add(
            ReleaseArtifact(
                release_id=release.id,
                resource_id=outputs["resources"][artifact.format],
                **asdict(artifact),
            )
        )
    release.current, release.published_at = True, utc_now()
    steps.machine(session, release, "published")
    # First of what is owed: search and package_show follow at once.
    owe(session, release.id, "index", dataset_id=release.dataset_id)
    if forerunner is not None:
        owe_drop(session, forerunner)
    if config.keep_raw():
        stage.destroy(session, release, raw=False)
    else:
        stage.destroy(session, release)
    owe(session, release.id, "views", dataset_id=release.dataset_id)
    owe(session, release.id, "measure", measured=release.id)
    session.flush()
    catalogue_entry.replace_resources(
        dataset,
        remove=set(replaced),
        add=[
            catalogue_entry.resource(dataset, a, outputs["resources"][a.format], active=active)
            for a in artifacts
        ],
    )
    session.commit()


def owe_drop(session: Any, release: Release) -> None:
    """Owe the removal of the table of a release that is no longer current, in DataStore or at the door."""
    if release.status in {"provided", "retired"}:
        owe(session, release.id, "drop_door", table=release.id)
        return
    table = table_of(session, release.id)
    if table is not None:
        owe(session, release.id, "drop_table", resource_id=table)


def table_of(session: Any, release_id: str) -> str | None:
    """The resource that carries the DataStore table of a release; None before it is published."""
    found = session.execute(
        sa.select(ReleaseArtifact.resource_id).where(
            ReleaseArtifact.release_id == release_id, ReleaseArtifact.format == TABLE_FORMAT
        )
    ).scalar()
    return None if found is None else str(found)


def loaded_table(session: Any, release_id: str) -> str | None:
    """The resource whose DataStore table was really loaded; None for a table too wide for the DataStore."""
    done = finished(session, release_id, "datastore")
    return None if done is None else done.get("resource_id")


def resource_ids(session: Any, release_id: str) -> list[str]:
    """CKAN resource ids of what a release published."""
    rows = session.execute(
        sa.select(ReleaseArtifact.resource_id).where(ReleaseArtifact.release_id == release_id)
    )
    return list(rows.scalars())


def ensure_fit(release: Release, dataset: model.Package | None, channel: str | None = None) -> None:
    """What was approved must still hold at the moment of publication, the way out (``channel``) included."""
    found = assess.blockers(release, dataset)
    if not found and channel is not None and (dataset is None or stage.channel(dataset) != channel):
        raise Conflict(
            "目录条目的开放类型或共享类型刚刚变更，没有发布任何内容；请重新审核。",
            "The open type or share type has just changed; nothing was published, review again.",
        )
    if found:
        raise SubmissionRefused(
            "不能发布：{reasons}",
            "It cannot be published: {reasons_en}",
            found,
            reasons=" ".join(b["message"]["zh"] for b in found),
            reasons_en=" ".join(b["message"]["en"] for b in found),
        )
    if not release.result_key:
        raise NothingStaged(
            "脱敏结果已不存在，请取消后重新办理。",
            "The desensitised result is gone; cancel this release and start again.",
        )


def batches(key: str) -> Iterator[pl.DataFrame]:
    """The sealed result as frames of text cells."""
    # Late, as everything that only a worker needs: pages load without them.
    import polars as pl
    import pyarrow.parquet as pq

    with sealed.open_sealed(buckets.staging(), key, buckets.keyring()) as stream:
        for batch in pq.ParquetFile(stream).iter_batches(batch_size=BATCH_ROWS):
            frame = pl.from_arrow(batch)
            assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a record batch is never a series
            yield frame


def _table_resource(outputs: dict[str, Any]) -> str:
    return str(outputs["resources"][TABLE_FORMAT])


def finished(session: Any, release_id: str, name: str) -> dict[str, Any] | None:
    """What a step of this release has written down; None while it is not done."""
    step = session.get(ReleaseStep, (release_id, name), populate_existing=True)
    return None if step is None else dict(step.detail or {})


def note(session: Any, held: Claim, name: str, detail: dict[str, Any]) -> None:
    """Write the step down, but only while the work is still ours."""
    work.ensure_held(session, held)
    session.add(ReleaseStep(release_id=held.release_id, name=name, detail=detail))
    session.commit()
