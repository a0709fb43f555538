"""Judges pairs of model and firmware by a matcher of its own, and compares with what `siteward firmware judge` says.

Written from docs/firmware.md, without looking at the matcher of the platform; it reads the shipped lists, and makes the
pairs up from them: around every bound of every range, for models of every series, and for what cannot be read.

    check_verdicts.py target/debug/siteward
"""

import functools
import itertools
import json
import pathlib
import random
import re
import subprocess
import sys

DATA = pathlib.Path(__file__).resolve().parents[2] / "domain" / "data"
WORST = ["not_listed", "fixed", "unknown", "review", "vulnerable"]
FUNCTIONS = ["health_monitoring", "linkage_rules", "remote_configuration", "activation", "unbinding"]
FEWEST = 1000


@functools.cache
def regex_of(pattern):
    """A series as a regular expression, its edition, and how many characters are no wildcards."""
    edition = ""
    found = re.fullmatch(r"(.*)\(([^()]*)\)", pattern)
    if found:
        pattern, edition = found.group(1), "(" + found.group(2).upper() + ")"
    pattern = pattern.rstrip("x")
    expression = "".join("[A-Z0-9]" if c == "x" else re.escape(c.upper()) for c in pattern)
    return re.compile(expression), edition, sum(c != "x" for c in pattern) + len(edition)


@functools.cache
def names(pattern, model):
    """How exactly a pattern names a model; 0 where it does not."""
    expression, edition, exactly = regex_of(pattern)
    written = re.sub(r"\s", "", model).upper()
    without_ports = "/".join(part for part in written.split("/") if not re.fullmatch(r"\d+P", part))
    for form in (written, without_ports):
        found = expression.match(form)
        if found and edition in form[found.end():]:
            return exactly
    return 0


def read_version(text):
    """Numbers and build date of a firmware; `None` where it cannot be read."""
    found = re.fullmatch(r"\s*v?(\d+(?:[.-]\d+){0,5})\s*(?:build\s*(\d+))?\s*", text, re.IGNORECASE)
    if not found:
        return None
    numbers = [int(part) for part in re.split(r"[.-]", found.group(1))]
    build = found.group(2)
    build = int(build) if build and len(build) == 6 and int(build) else None
    return numbers, build


def compare(one, other):
    longest = max(len(one), len(other))
    padded = [list(numbers) + [0] * (longest - len(numbers)) for numbers in (one, other)]
    return (padded[0] > padded[1]) - (padded[0] < padded[1])


def against(numbers, bound):
    """Below, at or above a bound; `None` where the bound leaves the rest open and the firmware is of it."""
    parts = re.split(r"[.-]", bound.lstrip("Vv"))
    if parts[-1] == "x":
        known = [int(part) for part in parts[:-1]]
        own = (numbers + [0] * len(known))[: len(known)]
        return None if own == known else (1 if own > known else -1)
    return compare(numbers, [int(part) for part in parts])


def judge_range(one, firmware):
    read = read_version(firmware)
    if read is None:
        return "unknown"
    numbers, build = read
    if build is None and any(one.get(key) for key in ("from_build", "through_build", "before_build")):
        return "unknown"
    below, above = [], []
    for key, votes, says in (
        ("from", below, lambda order: order < 0),
        ("through", above, lambda order: order > 0),
        ("before", above, lambda order: order >= 0),
    ):
        if one.get(key):
            order = against(numbers, one[key])
            if order is not None:
                votes.append(says(order))
    if one.get("from_build"):
        below.append(build < one["from_build"])
    if one.get("through_build"):
        above.append(build > one["through_build"])
    if one.get("before_build"):
        above.append(build >= one["before_build"])
    if any(True in votes and False in votes for votes in (below, above)):
        return "review"
    return {(False, False): "vulnerable", (True, False): "not_listed", (False, True): "fixed"}.get(
        (True in below, True in above), "review"
    )


def judge(records, model, firmware):
    if not model.strip():
        return "unknown"
    worst = "not_listed"
    for record in records:
        exactly, found = 0, None
        for one in record["ranges"]:
            how = max((names(pattern, model) for pattern in one["models"]), default=0)
            if how == 0 or how < exactly:
                continue
            verdict = judge_range(one, firmware)
            found = verdict if how > exactly else max(found, verdict, key=WORST.index)
            exactly = how
        if found:
            worst = max(worst, found, key=WORST.index)
    return worst


def check(rules, kind, model, firmware):
    """The lowest version that has everything, and what is lost until then."""
    read = read_version(firmware)
    if read is None:
        return None, []
    highest, lost = None, set()
    for rule in rules:
        models = rule.get("models", [])
        if rule["family"] != kind or (models and not any(names(pattern, model) for pattern in models)):
            continue
        minimum = read_version(rule["minimum"])
        order = compare(read[0], minimum[0]) or ((read[1] or 0) > (minimum[1] or 0)) - ((read[1] or 0) < (minimum[1] or 0))
        if order < 0:
            lost.update(rule["lost"])
            if highest is None or compare(minimum[0], highest[1]) > 0:
                highest = rule["minimum"], minimum[0]
    return (highest[0] if highest else None), [function for function in FUNCTIONS if function in lost]


def models_of(pattern, dice):
    fill = lambda text: "".join(dice.choice("0123456789ABCDEF") if c == "x" else c for c in text)
    base = pattern.split("(")[0]
    edition = pattern[len(base):]
    yield fill(base) + edition
    yield fill(base) + "-ISU" + edition
    yield fill(base).lower() + "/16P" + edition
    yield fill(base)[:-1]


def firmwares_of(one):
    bounds = [one[key].lstrip("Vv").replace("x", "0") for key in ("from", "through", "before") if one.get(key)] or ["5.4.0"]
    builds = [one[key] for key in ("from_build", "through_build", "before_build") if one.get(key)] or [200101]
    for bound in bounds:
        numbers = [int(part) for part in re.split(r"[.-]", bound)] + [0, 0]
        for place, step in itertools.product(range(3), (-1, 0, 1)):
            near = list(numbers)
            near[place] = max(0, near[place] + step)
            version = "V" + ".".join(map(str, near[:4]))
            yield version
            for build in builds:
                for day in (-1, 0, 1):
                    yield f"{version} build {build + day:06}"


def main():
    dice = random.Random(4)
    records = json.loads((DATA / "known_vulnerabilities.json").read_text())["records"]
    rules = json.loads((DATA / "compatibility.json").read_text())["rules"]
    kinds = ["camera", "nvr", "dvr", "alarm_panel", "intercom"]
    pairs = {("nvr", "", "V4.0"), ("camera", "X-1", "V5.5.0"), ("nvr", "DS-7608NI-K2", "newest"), ("dvr", "DS-7208HGHI-F1", "V3.5.35build 180107")}
    for record in records:
        for one in record["ranges"]:
            for pattern in one["models"]:
                for model in models_of(pattern, dice):
                    firmwares = sorted(set(firmwares_of(one)))
                    for firmware in dice.sample(firmwares, min(4, len(firmwares))) + ["", "V5.x"]:
                        pairs.add((dice.choice(kinds), model, firmware))
    for kind, major in itertools.product(kinds, range(6)):
        for minor in (0, 30):
            pairs.add((kind, "DS-7608NI-E2", f"V{major}.{minor}.98 build 180104"))
    pairs = sorted(pairs)
    asked = "".join("\t".join(pair) + "\n" for pair in pairs)
    answer = subprocess.run([sys.argv[1], "firmware", "judge"], input=asked, capture_output=True, text=True, check=True)
    told = [json.loads(line) for line in answer.stdout.splitlines()]
    assert len(told) == len(pairs) >= FEWEST, f"{len(told)} answers to {len(pairs)} pairs"
    wrong = []
    for (kind, model, firmware), theirs in zip(pairs, told):
        ours = judge(records, model, firmware), *check(rules, kind, model, firmware)
        said = theirs["verdict"], theirs["minimum_version"], theirs["functions_lost"]
        if ours != said:
            wrong.append(f"{kind} {model} {firmware}: {ours}, and the platform says {said}")
    seen = {verdict["verdict"] for verdict in told}
    assert not wrong, "\n".join(wrong[:40]) + f"\n{len(wrong)} of {len(pairs)} differ"
    assert seen == set(WORST), f"only {seen} came up"
    print(f"{len(pairs)} pairs of model and firmware are judged alike")


main()
