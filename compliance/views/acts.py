"""The pages of every act: the form, the answers to check, the confirmation. One mechanism, one table (forms.acts)."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from compliance.forms.act_page import ActPage
from compliance.forms.acts import ACTS
from compliance.forms.base import ActForm, Answer
from compliance.forms.entry import GONE
from compliance.models import Account, Body, Installation, Position
from compliance.templatetags.claire import quoted
from compliance.views import effects
from compliance.views.clock import now
from compliance.views.drafts import Draft, Lost, Subject
from compliance.views.invitation import Link, hand_over
from compliance.views.rights import Standing, account_of, opened

STEPS = (gettext_lazy("Répondre"), gettext_lazy("Vérifier"), gettext_lazy("Terminé"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as the page shows it: its files already received beside it."""

    field: forms.BoundField
    is_file: bool
    files: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """The act asked for: its page, by whom, on which installation, at which instant."""

    page: ActPage
    account: Account
    standing: Standing
    at: datetime

    @property
    def installation(self) -> Installation:
        """The installation of the act."""
        return self.standing.installation

    @property
    def subject(self) -> Subject:
        """What its drafts are bound to."""
        return Subject(self.account, self.installation, self.page.slug)

    def form(self, draft: Draft) -> ActForm:
        """Return the form filled with a draft."""
        return self.page.form(draft.answers(), draft.files(), installation=self.installation, at=self.at)

    def url(self, name: str = "act", token: str = "") -> str:
        """Return an address of this act."""
        return reverse(name, args=[self.installation.code, self.page.slug, *([token] if token else [])])

    def context(self, step: int, **more: Any) -> dict[str, Any]:
        """Return what the three pages share."""
        home, place = reverse("home"), self.installation
        reads = self.standing.reads
        return {
            "page": self.page,
            "installation": place,
            "steps": [{"label": s, "done": n < step, "current": n == step} for n, s in enumerate(STEPS)],
            "crumbs": [
                {"label": _("Accueil"), "url": home},
                *([{"label": place.name, "url": reverse("installation", args=[place.code])}] if reads else []),
                {"label": self.page.title, "url": ""},
            ],
            **more,
        }


def _asked(request: HttpRequest, code: str, slug: str) -> Asked:
    page = ACTS.get(slug)
    if page is None:
        raise Http404(_("Cet acte n’existe pas."))
    return Asked(page, account_of(request), opened(request, code, *page.rights), now())


def last_act(installation: Installation) -> int:
    """Return the number of the last entry written by a person about the installation: it moved, the dossier changed."""
    rows = Body.objects.filter(installation=installation, actor__isnull=False)
    return rows.order_by("-entry").values_list("entry", flat=True).first() or 0


@never_cache
@login_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Ask what the act needs; go to the answers to check once everything holds."""
    asked = _asked(request, code, slug)
    token = request.POST.get("brouillon") or request.GET.get("brouillon") or ""
    try:
        draft = Draft.find(token, asked.subject) if token else None
    except Lost:
        return _lost(request, asked)
    if request.method == "POST":
        draft = draft or Draft.start(asked.subject)
        draft.keep(request.POST, request.FILES.dict())  # type: ignore[arg-type]
        form = asked.form(draft)
        if _holds(form, asked):
            return redirect(asked.url("act_check", draft.token))
        _drop_refused(draft, form)
    elif draft is not None:
        form = asked.form(draft)
    else:
        form = asked.page.form(initial=_first(request, asked), installation=asked.installation, at=asked.at)
        if form.asked and form.correcting is None:
            raise Http404(GONE)
    return _form_page(request, asked, form, draft)


def _first(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """Return the first answers: those of the address, of the position it names."""
    given = {k: str(v) for k, v in request.GET.items()}
    code, entry = given.pop("position", ""), given.pop("corrige", "")
    position = Position.objects.filter(installation=asked.installation, code=code).first() if code else None
    known = asked.page.form.prefill(position, given, at=asked.at)
    return known | ({"corrige": entry} if entry else {})


def _holds(form: ActForm, asked: Asked) -> bool:
    """True when the answers are complete and the act itself would accept them."""
    if not form.is_valid():
        return False
    try:
        effects.rehearse(form, at=asked.at, by=asked.account)
    except ValidationError as error:
        form.refuse(error)
        return False
    return True


def _drop_refused(draft: Draft, form: ActForm) -> None:
    for name in form.errors:
        if isinstance(form.fields.get(name), forms.FileField):
            draft.drop(name)


def _form_page(request: HttpRequest, asked: Asked, form: ActForm, draft: Draft | None) -> HttpResponse:
    kept = draft.shown_files() if draft else {}
    shown = [
        Shown(
            field,
            is_file=isinstance(field.field, forms.FileField),
            files=[_file(kept[field.name])] if field.name in kept and not field.errors else [],
        )
        for field in form.early()
    ]
    context = asked.context(
        0,
        form=form,
        correcting=form.correcting,
        shown=shown,
        groups=form.groups(),
        brouillon=draft.token if draft else "",
        kept_at=draft.kept_at if draft else None,
    )
    return render(request, "compliance/act.html", context, status=_answered(request, unreadable=bool(form.errors)))


def _answered(request: HttpRequest, *, unreadable: bool = False, stale: bool = False) -> int:
    """Return the status of a page that shows again what was sent: 422 not accepted, 409 overtaken."""
    if request.method != "POST":
        return HTTPStatus.OK
    if stale:
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY if unreadable else HTTPStatus.OK


def _file(kept: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": kept["name"],
        "octets": kept["size"],
        "kind": "ok",
        "word": _("Reçu"),
        **dict.fromkeys(("url", "sha256", "pages", "remove_url"), ""),
    }


@never_cache
@login_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, code: str, slug: str, token: str) -> HttpResponse:
    """Show what is about to be written and what it changes; write it when confirmed, once."""
    asked = _asked(request, code, slug)
    try:
        draft = Draft.find(token, asked.subject)
    except Lost:
        return _lost(request, asked)
    if draft.receipt() is not None:
        return redirect(asked.url("act_done", token))
    form = asked.form(draft)
    if not form.is_valid():
        return _form_page(request, asked, form, draft)
    if request.method == "POST":
        return _confirm(request, asked, draft, form)
    return _check_page(request, asked, draft, form)


def _check_page(  # noqa: PLR0913 (a page is what it shows)
    request: HttpRequest, asked: Asked, draft: Draft, form: ActForm, *, note: str = "", unticked: bool = False
) -> HttpResponse:
    try:
        done = effects.rehearse(form, at=asked.at, by=asked.account)
    except ValidationError as error:
        form.refuse(error)
        return _form_page(request, asked, form, draft)
    change = f"{asked.url()}?brouillon={draft.token}"
    answers = [
        {
            "label": answer.label,
            "value": quoted(answer.value)
            if form.fields[answer.name].widget.attrs.get("lang") == "fr"
            else answer.value,
            "url": f"{change}#{form[answer.name].id_for_label or form[answer.name].auto_id}",
            "what": answer.label,
            **dict.fromkeys(("articles", "source", "kind"), ""),
        }
        for answer in form.answers()
    ]
    context = asked.context(
        1,
        answers=answers,
        correcting=form.correcting,
        **_told(done),
        change=change,
        vu=last_act(asked.installation),
        note=note,
        unticked=unticked,
    )
    status = _answered(request, unreadable=unticked, stale=bool(note))
    return render(request, "compliance/act_check.html", context, status=status)


def _value(form: ActForm, answer: Answer) -> str:
    """Return an answer as the page says it: the code's own words, among which it was chosen, are French."""
    return quoted(answer.value) if form.fields[answer.name].widget.attrs.get("lang") == "fr" else answer.value


def _told(done: effects.Done) -> dict[str, Any]:
    """Return what the effects' template takes."""
    return {
        "effects": done.effects,
        "opens": done.opens,
        "closes": done.closes,
        "silences": done.silences,
        "same": done.same,
    }


def _confirm(request: HttpRequest, asked: Asked, draft: Draft, form: ActForm) -> HttpResponse:
    if asked.page.stop and request.POST.get("confirme") != "oui":
        return _check_page(request, asked, draft, form, unticked=True)
    if request.POST.get("vu") != str(last_act(asked.installation)):
        return _check_page(
            request, asked, draft, form, note=_("Quelqu’un a écrit au dossier depuis. Relisez l’effet, puis confirmez.")
        )
    if not draft.claim():
        return _pending(request, asked, draft)
    try:
        done = effects.perform(form, at=asked.at, by=asked.account)
    except ValidationError as error:
        draft.release()
        form.refuse(error)
        return _form_page(request, asked, form, draft)
    except BaseException:
        draft.release()
        raise
    draft.close({"at": asked.at.isoformat(), **done.written()})
    if form.handed is not None:
        # Written nowhere: this answer shows the link, no page after it does.
        return _done_page(request, asked, draft, hand_over(request, form.handed))
    return redirect(asked.url("act_done", draft.token))


def _pending(request: HttpRequest, asked: Asked, draft: Draft) -> HttpResponse:
    if draft.receipt() is not None:
        return redirect(asked.url("act_done", draft.token))
    context = asked.context(1, done_url=asked.url("act_done", draft.token))
    return render(request, "compliance/act_pending.html", context, status=409)


@never_cache
@login_required
@require_GET
def done(request: HttpRequest, code: str, slug: str, token: str) -> HttpResponse:
    """Say that the act is written: its number, its date, what changes next."""
    asked = _asked(request, code, slug)
    try:
        draft = Draft.find(token, asked.subject)
    except Lost:
        return _lost(request, asked)
    if draft.receipt() is None:
        return redirect(asked.url("act_check", token))
    return _done_page(request, asked, draft)


def _done_page(request: HttpRequest, asked: Asked, draft: Draft, link: Link | None = None) -> HttpResponse:
    receipt = draft.receipt() or {}
    written = effects.Done.read(receipt)
    context = asked.context(
        2,
        entries=written.entries,
        number=written.entries[-1] if written.entries else 0,
        **_told(written),
        at=datetime.fromisoformat(receipt["at"]),
        reads=asked.standing.reads,
        link=link,
    )
    return render(request, "compliance/act_done.html", context)


def _lost(request: HttpRequest, asked: Asked) -> HttpResponse:
    return render(request, "compliance/act_lost.html", asked.context(0), status=410)
