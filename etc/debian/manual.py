#!/usr/bin/env python3
"""Writes man pages from what the programs say of themselves and from the documentation of the settings.

usage: manual.py 1|8 HELP.json VERSION TIME      HELP.json is the output of --experimental-dump-help
       manual.py settings CONFIGURATION.md VERSION TIME
"""
import datetime
import json
import re
import sys


def roff(text):
    """Text that roff takes as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "").replace("**", "")
    return "\n".join(("\\&" + line) if line[:1] in (".", "'") else line for line in text.split("\n"))


def bold(text):
    return "\\fB" + roff(text) + "\\fR"


def head(title, section, version, time, abstract):
    date = datetime.datetime.fromtimestamp(int(time), datetime.timezone.utc).strftime("%Y-%m-%d")
    yield f'.TH "{title.upper()}" "{section}" "{date}" "recyclicd {version}" "recyclicd"'
    yield ".SH NAME"
    yield f"{roff(title)} \\- {roff(abstract[:1].lower() + abstract[1:].rstrip('.'))}"


def option_names(argument):
    names = argument.get("names", [])
    return [("--" if name["kind"] == "long" else "-") + name["name"] for name in names]


def is_shown(argument):
    return argument.get("shouldDisplay", True) and "help" not in [name["name"] for name in argument.get("names", [])]


def usage(argument):
    value = "\\fI" + roff(argument.get("valueName", "value")) + "\\fR"
    if argument["kind"] == "positional":
        text = value
    else:
        text = bold(option_names(argument)[0]) + (" " + value if argument["kind"] == "option" else "")
    if argument.get("isRepeating"):
        text += " ..."
    return f"[{text}]" if argument.get("isOptional") else text


def describe(argument):
    value = "\\fI" + roff(argument.get("valueName", "value")) + "\\fR"
    if argument["kind"] == "positional":
        yield ".TP"
        yield value
    else:
        yield ".TP"
        names = ", ".join(bold(name) for name in option_names(argument))
        yield names + (" " + value if argument["kind"] == "option" else "")
    text = argument.get("abstract", "")
    if argument.get("defaultValue") and argument["kind"] != "flag":
        text += f" (default: {argument['defaultValue']})"
    yield roff(text or "See the description.")
    if argument.get("discussion"):
        yield roff(argument["discussion"])


def commands(command, path):
    """The command and all below it that do something, with their paths."""
    below = [c for c in command.get("subcommands", []) if c.get("shouldDisplay", True) and c["commandName"] != "help"]
    if not below or [a for a in command.get("arguments", []) if is_shown(a) and option_names(a) != ["--version"]]:
        yield path, command
    for child in below:
        yield from commands(child, path + [child["commandName"]])


def program(section, file, version, time):
    tree = json.load(open(file, encoding="utf-8"))["command"]
    name = tree["commandName"]
    yield from head(name, section, version, time, tree["abstract"])
    yield ".SH SYNOPSIS"
    yield f".B {name}"
    yield "\\fIcommand\\fR [\\fIoption\\fR ...]"
    if tree.get("discussion"):
        yield ".SH DESCRIPTION"
        yield roff(tree["discussion"])
    yield ".SH COMMANDS"
    for path, command in commands(tree, []):
        if not path:
            continue
        arguments = [a for a in command.get("arguments", []) if is_shown(a) and option_names(a) != ["--version"]]
        # A paragraph's heading takes one line.
        yield ".SS " + " ".join([bold(" ".join(path))] + [usage(argument) for argument in arguments])
        yield roff(command.get("abstract", ""))
        if command.get("discussion"):
            yield ".PP"
            yield roff(command["discussion"])
        for argument in arguments:
            yield from describe(argument)
    if section == "8":
        yield ".SH FILES"
        for path, text in [
            ("/etc/recyclic/recyclicd.env", "the settings, see recyclicd.env(5)"),
            ("/run/recyclic/control.socket", "where recyclicctl talks to the daemon"),
            ("/var/lib/recyclic", "the daemon's memory and, by default, the repository"),
        ]:
            yield from [".TP", f"\\fI{roff(path)}\\fR", roff(text)]
    yield ".SH SEE ALSO"
    others = [page for page in ("recyclicctl(1)", "recyclicd.env(5)", "recyclicd(8)") if not page.startswith(name + "(")]
    yield ",\n".join(f".BR {page[:-3]} {page[-3:]}" for page in others).replace(",\n", " ,\n")
    yield ".PP"
    yield roff("/usr/share/doc/recyclicd/ has more.")


def settings(file, version, time):
    yield from head("recyclicd.env", "5", version, time, "settings of recyclicd")
    yield ".SH DESCRIPTION"
    yield roff(
        "The settings are names with values, in /etc/recyclic/recyclicd.env or the environment, which wins. Secrets may also "
        "come as credentials of systemd, which win over both. Everything has a default."
    )
    paragraph, heading = [], None
    lines = open(file, encoding="utf-8").read().split("\n")[1:]

    def flush():
        text = " ".join(paragraph).strip()
        paragraph.clear()
        if text:
            yield ".PP"
            yield roff(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text))

    for line in lines:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else None
        if line.startswith("## "):
            yield from flush()
            heading = line[3:]
            yield ".SH " + roff(heading).upper()
        elif heading is None:
            continue
        elif cells:
            yield from flush()
            if set(line) <= set("|- ") or cells[0] in ("name", "in the file", "schedule"):
                continue
            yield ".TP"
            yield bold(cells[0].replace("`", ""))
            if len(cells) == 4:
                default = "" if cells[1] in ("-", "") else f" Default: {cells[1]}."
                yield roff(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", f"{cells[3]}. Accepted: {cells[2]}.{default}"))
            else:
                yield roff(" ".join(cells[1:]))
        elif line.startswith("    "):
            yield from flush()
            yield from [".PP", ".nf", roff(line), ".fi"]
        elif not line.strip():
            yield from flush()
        else:
            if re.match(r"\d+\. ", line):
                yield from flush()
            paragraph.append(line.strip())
    yield from flush()
    yield ".SH SEE ALSO"
    yield ".BR recyclicctl (1) ,\n.BR recyclicd (8)"


kind, file, version, time = sys.argv[1:5]
page = settings(file, version, time) if kind == "settings" else program(kind, file, version, time)
print("\n".join(page))
