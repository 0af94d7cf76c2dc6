// What the pages of invitations and password resets do. The token comes from the fragment, is taken out of the address
// bar at once, is kept in this page alone, and goes to the API in a body. Text goes in as text only.
"use strict";

const form = document.getElementById("form");
const message = document.getElementById("message");
const token = new URLSearchParams(location.hash.slice(1)).get("token");
history.replaceState(null, "", location.pathname);

const SAID = {
  invalid_token: "This link does not work any more. It may have been used, replaced by a newer one, or be too old. Ask whoever sent it for a new one.",
  invalid_credentials: "You have an account here already, and this is not its password.",
  locked: "Your account is locked. An administrator can unlock it.",
  mfa_required: "You have an account here already. Type the code of your authenticator app, too.",
  invalid_code: "The code is wrong or was used before. Type the one that is shown now.",
  quota_exceeded: "There is no free seat just now. Ask whoever invited you, then try this link again.",
  no_password: "Your account has no password yet, and this link cannot set one. Ask an administrator for a link to a first password, then try this link again with it.",
  conflict: "You are a member already. There is nothing more to do.",
  too_many_requests: "Too many tries. Wait a minute, then try again.",
};

function show(text) {
  message.textContent = text;
  message.className = "message bad";
  message.hidden = false;
  message.focus();
}

/** Under the field itself. Empty: nothing is wrong. */
function fault(text) {
  const place = document.getElementById("password-fault");
  const input = document.getElementById("password");
  place.textContent = text;
  place.hidden = text === "";
  if (text === "") {
    input.removeAttribute("aria-invalid");
  } else {
    input.setAttribute("aria-invalid", "true");
    input.focus();
  }
}

/** Nothing more can be done here. */
function end(title, text, good) {
  document.querySelector("h1").textContent = title;
  document.getElementById("lead").remove();
  for (const part of [...form.children]) if (part !== message) part.remove();
  message.textContent = text;
  message.className = good ? "message good" : "message bad";
  message.hidden = false;
  document.title = title;
  message.focus();
}

function refused(problem) {
  const code = problem.code;
  if (code === "invalid_token") return end("This link does not work", SAID.invalid_token, false);
  const codeField = document.getElementById("code-field");
  if (codeField && (code === "mfa_required" || code === "invalid_code")) {
    codeField.hidden = false;
    show(SAID[code]);
    return document.getElementById("code").focus();
  }
  const named = (problem.fields || []).find((each) => each.field === "password");
  if (named) return fault(`The password ${named.message}.`);
  const other = (problem.fields || [])[0];
  if (other) return show(`The ${other.field} ${other.message}.`);
  show(SAID[code] || problem.detail || "Something went wrong. Try again in a moment.");
}

function done(answer) {
  const text = answer && answer.new_user ? form.dataset.new : form.dataset.known;
  const title = answer && answer.tenant ? `${form.dataset.done}: ${answer.tenant.name}` : form.dataset.done;
  end(title, text, true);
}

async function send() {
  const body = { token };
  for (const input of form.querySelectorAll("input[name]")) if (input.value !== "") body[input.name] = input.value;
  const headers = { "content-type": "application/json" };
  const answer = await fetch(form.getAttribute("action"), {
    method: "POST", headers, body: JSON.stringify(body), credentials: "omit", redirect: "error",
  });
  const read = answer.status === 204 ? null : await answer.json();
  if (answer.ok) done(read);
  else refused(read);
}

document.getElementById("show").addEventListener("change", (event) => {
  document.getElementById("password").type = event.target.checked ? "text" : "password";
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  message.hidden = true;
  fault("");
  if (document.getElementById("password").value === "") return fault("Type a password first.");
  const button = document.getElementById("send");
  button.disabled = true;
  try {
    await send();
  } catch {
    show("The server cannot be reached. Try again in a moment.");
  }
  button.disabled = false;
});

// A link that is pasted over this page: the same address to the browser, which loads nothing anew by itself.
addEventListener("hashchange", () => location.reload());

if (!token) end("This link does not work", "The address is not whole. Open the link from your mail again.", false);
