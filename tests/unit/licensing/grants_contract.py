"""What grants and tokens must hold on every database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from licensing.core.errors import Conflict, InvalidInput, NotFound, NotPermitted, TransitionRefused
from licensing.core.ledger.models import PendingEntry
from licensing.filings import service as filings
from licensing.filings.facts import DatasetFacts
from licensing.grants import odrl, service, tokens
from licensing.grants.allows import Used
from licensing.grants.check import check, grant_of
from licensing.grants.models import GrantToken
from licensing.grants.terms import GrantedDataset, Quota
from licensing.ports import Context
from tests.factories.filing_world import accepted, acting, agreement, draft
from tests.factories.grant_world import active, prepared, request, terms, token
from tests.factories.licensing_world import SettableTime


class GrantsContract:
    @pytest.mark.article("SX-18")
    def test_access_begins_with_a_filed_agreement_and_an_active_grant(
        self, session: Session, ctx: Context
    ) -> None:
        provider = acting(session, ctx, "u-provider")
        with pytest.raises(Conflict):
            service.prepare(session, provider, agreement(), draft(session, ctx).id, terms())
        grant = prepared(session, ctx)
        with pytest.raises(TransitionRefused):
            token(session, ctx, grant)
        service.activate(session, provider, grant.id)
        secret = token(session, ctx, grant).secret
        decision = check(session, secret, request(), ctx.time.now())
        assert (decision.allowed, decision.grant_id) == (True, grant.id)

    @pytest.mark.article("SX-18")
    def test_a_grant_never_goes_beyond_its_agreement(self, session: Session, ctx: Context) -> None:
        filing = accepted(session, ctx)
        provider = acting(session, ctx, "u-provider")
        for changes, what in (
            ({"datasets": (GrantedDataset(id="parking", fields=("place", "owner")),)}, "parking"),
            ({"datasets": (GrantedDataset(id="clinics", fields=("place",)),)}, "clinics"),
            ({"purpose": "营销"}, "purpose"),
            ({"system": "别的系统"}, "system"),
            ({"ends": agreement().ends + timedelta(days=1)}, "term"),
        ):
            with pytest.raises(InvalidInput, match=what):
                service.prepare(session, provider, agreement(), filing.id, terms(**changes))
        for who in ("u-partner", "u-other-provider", "u-supervisor"):
            with pytest.raises(NotPermitted):
                service.prepare(session, acting(session, ctx, who), agreement(), filing.id, terms())

    def test_only_a_digest_of_a_token_is_stored_and_nothing_prints_it(
        self, session: Session, ctx: Context
    ) -> None:
        made = token(session, ctx, active(session, ctx))
        session.commit()
        (row,) = session.scalars(select(GrantToken)).all()
        assert (row.digest, row.prefix) == (tokens.digest(made.secret), made.secret[:11])
        assert made.secret not in repr(made) + str(vars(row))
        for entry in session.scalars(select(PendingEntry)):
            assert made.secret not in str(entry.payload)
        assert len(made.secret) >= 43

    @pytest.mark.article("HB-24")
    def test_suspension_revocation_and_withdrawal_are_true_for_the_next_call(
        self, session: Session, ctx: Context
    ) -> None:
        provider = acting(session, ctx, "u-provider")
        grant = active(session, ctx)
        first, second = token(session, ctx, grant), token(session, ctx, grant)

        def reason(secret: str) -> str:
            return check(session, secret, request(), ctx.time.now()).reason

        assert reason(first.secret) == ""
        service.suspend(session, provider, grant.id, reason="超目的使用")
        assert reason(first.secret) == "not_active"
        service.resume(session, provider, grant.id, reason="已整改")
        assert reason(first.secret) == ""
        tokens.withdraw(session, acting(session, ctx, "u-partner"), first.id)
        assert (reason(first.secret), reason(second.secret)) == ("token_expired", "")
        service.revoke(session, provider, grant.id, reason="违约")
        assert reason(second.secret) == "not_active"
        with pytest.raises(TransitionRefused):
            token(session, ctx, grant)

    def test_a_check_is_one_query_through_the_index(self, session: Session, ctx: Context) -> None:
        secret = token(session, ctx, active(session, ctx)).secret
        session.commit()
        seen: list[str] = []
        bind = session.get_bind()
        event.listen(bind, "before_cursor_execute", lambda *each: seen.append(each[2]))
        check(session, secret, request(), ctx.time.now())
        assert len([each for each in seen if each.startswith("SELECT")]) == 1
        if bind.dialect.name == "sqlite":
            plan = session.execute(
                text("EXPLAIN QUERY PLAN SELECT * FROM licensing_grant_token WHERE digest = 'x'")
            ).all()
            assert "USING INDEX" in str(plan)

    def test_rotation_leaves_both_tokens_good_for_the_overlap_only(
        self, session: Session, ctx: Context, time: SettableTime
    ) -> None:
        grant = active(session, ctx)
        old = token(session, ctx, grant, valid=timedelta(days=30))
        partner = acting(session, ctx, "u-partner")
        new = tokens.rotate(session, partner, old.id, overlap=timedelta(hours=2))
        good = [check(session, each.secret, request(), time.now()).allowed for each in (old, new)]
        assert good == [True, True]
        time.forward(hours=2)
        good = [check(session, each.secret, request(), time.now()).allowed for each in (old, new)]
        assert good == [False, True]
        assert new.expires_at - old.expires_at == timedelta(0)
        with pytest.raises(NotFound):
            tokens.rotate(session, partner, old.id)
        with pytest.raises(InvalidInput):
            tokens.rotate(session, partner, new.id, overlap=timedelta(days=8))

    def test_a_token_is_scoped_and_expires(self, session: Session, ctx: Context, time: SettableTime) -> None:
        both = agreement(
            datasets=tuple(DatasetFacts(id=name, fields=("place",)) for name in ("parking", "clinics"))
        )
        granted = tuple(GrantedDataset(id=name, fields=("place",)) for name in ("parking", "clinics"))
        grant = prepared(session, ctx, facts=both, datasets=granted)
        service.activate(session, acting(session, ctx, "u-provider"), grant.id)
        narrow = token(session, ctx, grant, valid=timedelta(days=1), datasets=("clinics",))
        assert check(session, narrow.secret, request(dataset="clinics"), time.now()).allowed
        assert check(session, narrow.secret, request(), time.now()).reason == "dataset"
        time.forward(days=1)
        assert check(session, narrow.secret, request(dataset="clinics"), time.now()).reason == "token_expired"
        for wrong in ({"datasets": ()}, {"datasets": ("shared-in",)}, {"valid": timedelta(days=400)}):
            with pytest.raises(InvalidInput):
                token(session, ctx, grant, **wrong)

    def test_an_unknown_token_learns_nothing(self, session: Session, ctx: Context) -> None:
        grant = active(session, ctx)
        secret = token(session, ctx, grant).secret
        for wrong in ("", "gd_", secret[:-1], secret + "x", "x" * 10_000, "gd_\x00", "gd_\ud800"):
            decision = check(session, wrong, request(), ctx.time.now())
            assert (decision.allowed, decision.reason, decision.grant_id) == (False, "token", "")
        assert grant_of(session, secret) == grant.id
        assert grant_of(session, "gd_x") is None

    def test_what_is_still_on_its_way_into_the_counters_counts(self, session: Session, ctx: Context) -> None:
        secret = token(session, ctx, active(session, ctx, quota=Quota(calls_per_day=2))).secret
        assert check(session, secret, request(), ctx.time.now(), Used(calls=1)).allowed
        assert check(session, secret, request(), ctx.time.now(), Used(calls=2)).reason == "quota"

    def test_a_cancelled_filing_closes_its_grants(
        self, session: Session, ctx: Context, time: SettableTime
    ) -> None:
        used = active(session, ctx)
        secret = token(session, ctx, used).secret
        filings.withdraw(session, acting(session, ctx, "u-provider"), used.filing_id)
        assert check(session, secret, request(), time.now()).reason == "not_active"
        administrator = acting(session, ctx, "u-administrator")
        service.revoke(session, administrator, used.id, reason="备案已撤回")
        grant = prepared(session, ctx)
        filings.withdraw(session, acting(session, ctx, "u-provider"), grant.filing_id)
        with pytest.raises(Conflict):
            service.activate(session, acting(session, ctx, "u-provider"), grant.id)
        assert service.revoke_agreement(session, administrator, grant.agreement_id, reason="备案已撤回") == 1
        assert grant.status == "revoked"
        assert service.revoke_agreement(session, administrator, grant.agreement_id, reason="再次") == 0

    def test_what_is_past_its_last_day_expires(
        self, session: Session, ctx: Context, time: SettableTime
    ) -> None:
        grant = active(session, ctx)
        time.set("2028-03-01 00:00")
        assert service.expire_due(session, ctx) == 1
        assert grant.status == "expired"
        listed = service.list_grants(session, acting(session, ctx, "u-partner"))
        assert listed.rows == (grant,)

    def test_one_odrl_agreement_states_the_whole_contract(self, session: Session, ctx: Context) -> None:
        grant = active(session, ctx, quota=Quota(calls_per_day=100), networks=("10.0.0.0/8",))
        document = odrl.agreement(service.grants_of(session, grant.agreement_id))
        assert document["@type"] == "Agreement"
        assert document["@context"][0] == "http://www.w3.org/ns/odrl.jsonld"
        assert {"uid", "assigner", "assignee", "permission"} <= set(document)
        (permission,) = document["permission"]
        operands = {each["leftOperand"] for each in permission["constraint"]}
        assert {"purpose", "dateTime", "count", "virtualLocation", "gd:system", "gd:field"} == operands
        assert permission["duty"] == [{"action": "attribute"}]
        assert document["prohibition"] == [{"target": permission["target"], "action": "distribute"}]
        with pytest.raises(InvalidInput):
            odrl.agreement([])

    def test_every_step_is_on_the_ledger(self, session: Session, ctx: Context) -> None:
        grant = active(session, ctx)
        token(session, ctx, grant)
        kinds = session.scalars(select(PendingEntry.kind).where(PendingEntry.subject == grant.id)).all()
        assert list(kinds) == ["grant.create", "grant.activate", "grant.issue_token"]
        assert session.scalar(select(func.count()).select_from(GrantToken)) == 1
