"""Who may do what: every route with every role, on the own ward and on another; nobody is let in by oversight."""

import re
from itertools import product

import pytest
from shared import ROOT
from shared.routes import address_of
from shared.web_roles import HOST, OTHER, OWN, PROXY, OnWard
from shared.web_ward import COOKIE, open_ward

from schedule.model.roles import ROLES, Grant, Rights
from schedule.web.app import make_app

NEEDED = {
    "view": (
        "/", "/wards", "/board", "/p/<code>", "/p/<code>/history", "/p/<code>/change/<int:revision>", "/p/<code>/rev-<int:number>/<name>",
        "/protocols", "/protocols/<name>", "/protocols/check", "/calendars", "/calendars/<path>",
        "/sheet", "/sheets/<name>",
    ),
    "record": (
        "/p/<code>/day", "/p/<code>/day/<on>", "/p/<code>/record", "/p/<code>/record/<what>", "/p/<code>/book", "/p/<code>/book/<what>", "/p/<code>/fact",
        "/p/<code>/fact/<what>", "/p/<code>/attest", "/p/<code>/attest/<what>", "/p/<code>/choose",
        "/p/<code>/choose/<what>", "/p/<code>/note",
    ),
    "move": ("/p/<code>/slip", "/p/<code>/cancel", "/new", "/new/<name>"),
    "decide": ("/p/<code>/rule", "/p/<code>/rule/<what>", "/p/<code>/re-date", "/p/<code>/re-date/<what>"),
    "set-up": (
        "/p/<code>/amend", "/p/<code>/ward", "/feeds", "/feeds/new", "/feeds/<feed_id>/address", "/feeds/<feed_id>/revoke",
    ),
    None: ("/css/<name>.css", "/robots.txt", "/favicon.ico", "/feed", "/feed/<anything:asked>"),
}  # fmt: skip
"""Every route by the role that it needs; None: whoever knows the address."""
BY_RULE = {rule: role for role, rules in NEEDED.items() for rule in rules}


def two_wards(store, clock):
    """One patient on each of two wards."""
    return {code: OnWard(name, clock, store, code=code) for code, name in (("OWN-1", OWN), ("SLIP-1", OTHER))}


@pytest.fixture(scope="module")
def wards(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wards")
    site = (ROOT / "examples" / "site.toml").read_text(encoding="utf-8")
    (folder / "site.toml").write_text(re.sub("(?m)^name = .*$", f'name = "{OWN}"', site), encoding="utf-8")
    with open_ward(folder, patients=two_wards, site=folder / "site.toml", **PROXY) as found:
        found.client.set_cookie("__Host-dayzero", COOKIE, domain=HOST, secure=True)
        yield found


def ask(wards, method, path, groups):
    """The answer to a request of somebody in those groups; a form is one of ours."""
    who = {"X-Remote-User": "anna", "X-Remote-Groups": groups}
    if method == "GET":
        return wards.get(path, **who)
    return wards.post(path, {}, user="anna", **who)


def asked(wards):
    """Method, rule and address of everything that can be asked for."""
    for rule in (one for one in wards.app.url_map.iter_rules() if one.rule in BY_RULE):
        for method in sorted(rule.methods & {"GET", "POST"}):
            yield method, rule.rule, address_of(rule)


def test_every_route_declares_what_it_needs_and_it_is_that_of_the_table(wards):
    found = {
        rule.rule: getattr(wards.app.view_functions[rule.endpoint], "needs", "nothing is declared: put @needs at the view")
        for rule in wards.app.url_map.iter_rules()
    }  # fmt: skip
    assert found == {rule: () if role is None else (role,) for rule, role in BY_RULE.items()}


def test_a_route_that_declares_nothing_needs_every_role(wards):
    app = make_app(wards.settings)
    app.add_url_rule("/forgotten", view_func=lambda: "let in", endpoint="forgotten")
    client, header = app.test_client(), {"Host": HOST, "X-Remote-User": "anna"}
    most = ";".join(f"all {role}" for role in ROLES[1:])
    assert [client.get("/forgotten", headers={**header, "X-Remote-Groups": f"all {role}"}).status_code for role in ROLES] == [403] * 5
    assert client.get("/forgotten", headers={**header, "X-Remote-Groups": most}).text == "let in"


@pytest.mark.parametrize("role", ROLES)
def test_every_route_lets_in_by_its_role_alone_and_never_to_another_ward(wards, role):
    wrong = []
    for method, rule, path in asked(wards):
        needed, about = BY_RULE[rule], "<code>" in rule
        own = ask(wards, method, path.replace("SLIP-1", "OWN-1"), f"CN={role},OU=BMT")
        if (own.status_code == 403) != (needed not in ("view", role, None)):
            wrong.append((method, rule, "own ward", own.status_code))
        if own.status_code == 403 and f"needs the role “{needed}”" not in own.text:
            wrong.append((method, rule, "the role is not named"))
        if about:
            other = ask(wards, method, path, f"CN={role},OU=BMT")
            unknown = ask(wards, method, path.replace("SLIP-1", "NONE-1"), f"CN={role},OU=BMT")
            if other.status_code != 404 or other.text.replace("SLIP-1", "NONE-1") != unknown.text:
                wrong.append((method, rule, "another ward", other.status_code))
    assert wrong == []


def test_a_role_on_every_ward_is_one_on_each(wards):
    for code in ("OWN-1", "SLIP-1"):
        assert ask(wards, "GET", f"/p/{code}", "all view").status_code == 200
        assert ask(wards, "GET", f"/p/{code}/note", "all view").status_code == 403
        assert ask(wards, "GET", f"/p/{code}/note", "all record").status_code == 200


@pytest.mark.parametrize("groups", ["", "nurses", "cn=view,ou=bmt2", "(null)", "-", "null;none", "%{OIDC_CLAIM_groups}e", "${groups}", "all  view"])
def test_without_a_group_that_is_known_nothing_is_shown_and_what_came_is_named(wards, groups):
    for method, rule, path in asked(wards):
        answer = ask(wards, method, path, groups)
        if BY_RULE[rule] is not None:
            assert (answer.status_code, "Dayzero knows none of your groups" in answer.text) == (403, True), rule
            assert "SLIP-1" not in answer.text and "<nav" not in answer.text
    named = [name for name in groups.split(";") if name in ("nurses", "cn=view,ou=bmt2", "all  view")]
    said = f"You came with these groups: {'; '.join(named)}." if named else "You came with no group."
    assert said in ask(wards, "GET", "/", groups).text


def test_a_separator_that_the_proxy_wrote_in_another_way_belongs_to_the_name_of_a_group(wards):
    """Else who is in a group called “nurses;all record” would have what “all record” has."""
    answer = ask(wards, "GET", "/p/OWN-1", "nurses%3Ball record")
    assert (answer.status_code, "You came with these groups: nurses;all record." in answer.text) == (403, True)
    assert ask(wards, "GET", "/p/OWN-1", "n%C3%BCrse;all%20view").status_code == 200


def test_what_a_person_may_not_do_she_is_not_shown(wards):
    looks, plans = (ask(wards, "GET", "/p/OWN-1", f"cn={role},ou=bmt").text for role in ("view", "move"))
    assert 'href="/p/OWN-1/note"' not in looks and 'href="/p/OWN-1/slip"' not in looks and 'href="/new"' not in looks
    assert "your groups may only look" in looks
    assert 'href="/p/OWN-1/slip"' in plans and 'href="/new"' in plans and 'href="/p/OWN-1/note"' not in plans


@pytest.mark.parametrize(("role", "other"), list(product(ROLES, ROLES)))
def test_no_role_comes_with_another_but_looking(role, other):
    rights = Rights(frozenset({Grant(role=role, ward=OWN)}))
    assert rights.may(other, OWN) == rights.anywhere(other) == (other in ("view", role))
    assert not rights.may(other, OTHER)
