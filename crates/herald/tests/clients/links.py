"""The pages of invitations and password resets, by the keyboard of somebody who was sent the links: `links.py SERVER
INVITATION RESET`. Ends in silence where all is as it should be."""

import sys

from browser import Browser

SERVER, INVITATION, RESET = sys.argv[1:]
MESSAGE = "document.getElementById('message').textContent"
FAULT = "document.getElementById('password-fault').textContent"
TITLE = "document.querySelector('h1')?.textContent"
# What a browser notes by itself of an answer that refuses.
REFUSED = "network: Failed to load resource: the server responded with a status of {} "
NOT_WORKING = "This link does not work"
AGAIN = [
    "textbox: New password",
    "checkbox: Show the password",
    "button: Set the password",
]


def controls(page):
    return [f"{role}: {name}" for role, name in page.controls()]


def same(found, expected):
    assert found == expected, f"{found!r} is not {expected!r}"


def is_kept_nowhere(page):
    """The token is in no address and in no store."""
    same(page.ask("location.hash + location.search"), "")
    same(page.ask("localStorage.length + sessionStorage.length + document.cookie.length"), 0)


def invitation(page):
    page.open(INVITATION)
    is_kept_nowhere(page)
    expected = ["textbox: Your name if you are new here", "textbox: Password", *AGAIN[1:2]]
    same(controls(page), [*expected, "button: Accept the invitation"])
    order = []
    for _ in range(4):
        page.press("Tab")
        order.append(page.focus())
    same(order, ["name", "password", "show", "send"])
    page.ask("document.getElementById('name').focus()")
    page.type("Lena Brandt")
    page.press("Enter")
    same(page.until(FAULT), "Type a password first.")
    same(page.focus(), "password")
    page.type("short")
    page.press("Enter")
    said = page.until(f"{FAULT} !== 'Type a password first.' && {FAULT}")
    assert "at least 12 characters" in said, said
    same(page.focus(), "password")
    same(page.described("textbox", "Password"), said)
    same(page.ask("document.getElementById('password').getAttribute('aria-invalid')"), "true")
    page.type("a lantern for every boat")
    page.press("Tab")
    page.press(" ")
    same(page.ask("document.getElementById('password').type"), "text")
    page.press("Tab")
    same(page.focus(), "send")
    page.press("Enter")
    page.until(f"{TITLE} === 'You are in: Northwind Traders'")
    assert page.ask(MESSAGE).startswith("Your account is made."), page.ask(MESSAGE)
    same((page.focus(), controls(page), page.ask("document.title")), ("message", [], page.ask(TITLE)))
    same(page.complaints(), [REFUSED.format("400 (Bad Request)") + f"{SERVER}/v1/invitations/accept"])


def used(page):
    page.open(INVITATION)
    page.press("Tab", 2)
    page.type("a lantern for every boat")
    page.press("Enter")
    page.until(f"{TITLE} === '{NOT_WORKING}'")
    assert "may have been used" in page.ask(MESSAGE), page.ask(MESSAGE)
    same(controls(page), [])
    same(page.complaints(), [REFUSED.format("400 (Bad Request)") + f"{SERVER}/v1/invitations/accept"])


def reset(page):
    """Opened without its token first, and pasted over that: the same page with another fragment."""
    page.open(RESET.split("#")[0])
    page.until(f"{TITLE} === '{NOT_WORKING}'")
    same(controls(page), [])
    page.call("Page.navigate", url=RESET)
    page.until(f"{TITLE} === 'Choose a password' && document.readyState === 'complete'")
    is_kept_nowhere(page)
    same(controls(page), AGAIN)
    page.press("Tab")
    same(page.focus(), "password")
    page.type("three boats, one pier")
    page.press("Enter")
    page.until(f"{TITLE} === 'Your password is set'")
    same((page.focus(), controls(page), page.complaints()), ("message", [], []))


with Browser() as browser:
    for walk in (invitation, used, reset):
        walk(browser.page())
