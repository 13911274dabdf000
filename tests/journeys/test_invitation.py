"""From an empty installation: the mayor follows the first link, then an agent comes in with the keyboard alone."""

import re
from typing import Any

import pytest

from tests.servers import Site

pytestmark = pytest.mark.browser
COMMUNE = ("--name", "Valclair-sur-Moselle", "--siret", "00000000000018", "--insee", "57999")
MAYOR = ("--person", "Personne fictive", "--login", "maire")
TABS_AT_MOST = 30


def tab_to(page: Any, name: str) -> None:
    """Move with the keyboard to a field, as somebody without a mouse does."""
    for _ in range(TABS_AT_MOST):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement && document.activeElement.name") == name:
            return
    raise AssertionError(f"« {name} » is not reached by the keyboard: {page.locator('main').inner_text()[:300]}")


def open_by_keyboard(page: Any, link: str, *, password: str) -> None:
    """Follow a one-time link and choose the password without a mouse."""
    page.goto(link)
    assert "/invitation/" in page.url
    assert len(page.url.split("/invitation/")[1]) == 0, "the token has left the address"
    tab_to(page, "password")
    page.keyboard.type(password)
    tab_to(page, "again")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/invitation/" not in url)


def confirm(page: Any) -> None:
    """Check the answers, then confirm."""
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/verifier/" in url)
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    assert page.locator("h1").inner_text() == "L’acte est enregistré."


def test_the_mayor_invites_and_the_agent_comes_in_by_the_keyboard_alone(
    live_site: Site, page: Any, browser: Any
) -> None:
    said = live_site.manage("first_account", *COMMUNE, *MAYOR, "--address", live_site.url)
    assert said.returncode == 0, said.stdout + said.stderr
    first = re.search(r"http://\S+/invitation/\S+", said.stdout)
    assert first

    open_by_keyboard(page, first.group(), password="tilleul-quai-moulin-77")
    assert "n’est pas autorisée" in page.locator("h1").inner_text()

    acts = f"{live_site.url}/installations/VP-57999/actes"
    page.goto(f"{acts}/personne/")
    for name, words in (("code", "PM-01"), ("name", "Personne fictive"), ("function", "Agent de police municipale")):
        page.fill(f"[name={name}]", words)
    confirm(page)
    page.goto(f"{acts}/inviter/?person=PM-01")
    page.fill("[name=username]", "pm-01")
    page.check("input[name=role][value=agent]")
    confirm(page)
    link = page.input_value("#lien")

    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR")
    agent = context.new_page()
    open_by_keyboard(agent, link, password="halle-verger-sentier-12")
    assert "n’est pas autorisée" in agent.locator("h1").inner_text(), "the home of who reads the dossier"
    agent.goto(link)
    assert agent.locator("h1").inner_text() == "Ce lien ne sert plus."
    context.close()
