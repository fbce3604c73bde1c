"""A state moves only through `core.transitions.perform`; any other way is found in the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from config.docs.moves import machines, state_field
from tests.architecture.source import named, python_files, tree

MOVES = {move.name for machine in machines() for move in machine.moves}
FIELDS = {state_field(machine.model) for machine in machines()}
WRITERS = {"update", "bulk_update", "update_or_create"}

# Calls that share a move's name and are none: (file, whose) → why.
NAMESAKES = {
    ("core/history/checkpoints.py", "signing_key()"): "Ed25519: signs a text, not a document",
    ("core/history/checkpoints.py", "signing_key().public_key()"): "Ed25519: checks a signature",
    ("core/attachments/store.py", "path"): "a file is opened",
    ("core/history/verifier/verify.py", "self.zip"): "a member of a ZIP is opened",
    ("projects/documents/writer.py", "self.book"): "a workbook being written is finished",
    ("projects/documents/cloud_book.py", "book"): "a workbook being written is finished",
    ("projects/services/importing/acts.py", "checked"): "what was found, as a text to keep",
    ("audit/documents/archive.py", "path"): "a file is opened",
    ("audit/documents/archive.py", "self._archive"): "a member of a ZIP is opened",
    ("audit/views/dossiers.py", "store.path_of(found.sha256)"): "a file is opened",
    ("core/transitions/executor.py", "v"): "a verdict's own record, for the event",
    ("core/transitions/guard.py", "v"): "a verdict's own record, for the event",
    ("config/demo/story.py", "t"): "the teller's own verbs, each of which calls a service",
    ("config/demo/purchasing.py", "t"): "the teller's own verbs, each of which calls a service",
    ("config/demo/purchasing.py", "self"): "the buyer's own verbs, each of which calls a service",
    ("config/demo/performing.py", "self"): "the buyer's own verbs, each of which calls a service",
    ("config/demo/procured.py", "b"): "the buyer's own verbs, each of which calls a service",
    ("config/demo/pending.py", "b"): "the buyer's own verbs, each of which calls a service",
    ("config/demo/astray.py", "b"): "the buyer's own verbs, each of which calls a service",
    ("config/demo/off_budget.py", "t"): "the teller's own verbs, each of which calls a service",
    ("config/demo/balancing.py", "t"): "the teller's own verbs, each of which calls a service",
    ("config/demo/desk.py", "t"): "the teller's own verbs, each of which calls a service",
    ("config/demo/guided.py", "t"): "the teller's own verbs, each of which calls a service",
    ("config/demo/chaining.py", "t"): "the teller's own verbs, each of which calls a service",
    ("audit/documents/archive.py", "binder"): "a file being written is finished",
    ("projects/navigation/todos.py", "ProjectTask.objects"): "the tasks that are open",
    ("projects/services/importing/acts.py", "reporter"): "progress, not a document",
    ("config/demo/small.py", "t"): "the teller's own verbs, each of which calls a service",
}


def state_writes(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of every call of a move, and of every write of a state field."""
    modules = {
        alias.asname or alias.name.split(".")[0]
        for node in ast.walk(module)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    constructors = {
        id(node)
        for function in ast.walk(module)
        if isinstance(function, ast.FunctionDef) and function.name == "__init__"
        for node in ast.walk(function)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and _calls_a_move(node, modules):
            yield node.lineno, ast.unparse(node.func)
        elif isinstance(node, ast.Call) and _writes_a_state(node):
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if id(node) not in constructors and any(map(_is_state, _flat(targets))):
                yield node.lineno, ast.unparse(node)


def _calls_a_move(call: ast.Call, modules: set[str]) -> bool:
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr in MOVES:
        return not (isinstance(function.value, ast.Name) and function.value.id in modules)
    return _is_reflection(call, "getattr", MOVES)


def _writes_a_state(call: ast.Call) -> bool:
    if _is_reflection(call, "setattr", FIELDS):
        return True
    if not (isinstance(call.func, ast.Attribute) and call.func.attr in WRITERS):
        return False
    names = {word.arg for word in call.keywords}
    dicts = [n for n in ast.walk(call) if isinstance(n, ast.Dict | ast.List | ast.Tuple | ast.Set)]
    for literal in dicts:
        parts = literal.keys if isinstance(literal, ast.Dict) else literal.elts
        names |= {part.value for part in parts if isinstance(part, ast.Constant)}
    return bool(names & FIELDS)


def _is_reflection(call: ast.Call, name: str, words: set[str]) -> bool:
    if not (isinstance(call.func, ast.Name) and call.func.id == name and len(call.args) > 1):
        return False
    return isinstance(call.args[1], ast.Constant) and call.args[1].value in words


def _flat(targets: list[ast.expr]) -> Iterator[ast.expr]:
    for target in targets:
        yield from _flat(target.elts) if isinstance(target, ast.Tuple | ast.List) else [target]


def _is_state(target: ast.expr) -> bool:
    return isinstance(target, ast.Attribute) and target.attr in FIELDS


@pytest.mark.parametrize(
    "path",
    [p for p in python_files() if not named(p).startswith("core/transitions/declare")],
    ids=named,
)
def test_only_the_executor_moves_a_state(path):
    found = [
        f"{named(path)}:{line}: {text}"
        for line, text in state_writes(tree(path))
        if (named(path), whose(text)) not in NAMESAKES
    ]
    assert found == []


def whose(call: str) -> str:
    """`signing_key().sign` → `signing_key()`."""
    return call.rpartition(".")[0]


def test_every_namesake_is_still_there():
    found = {(named(p), whose(text)) for p in python_files() for _, text in state_writes(tree(p))}
    assert set(NAMESAKES) <= found


class TestTheReaderItself:
    """Each way round the executor, planted."""

    @pytest.mark.parametrize(
        "planted",
        [
            "project.submit(on=day)",
            "Project.objects.get(pk=1).approve_budget(reply_number='', approved_fen=1)",
            "getattr(project, 'withdraw')()",
            "Project.objects.filter(pk=1).update(stage='budget')",
            "Project.objects.update(**{'stage': 'budget'})",
            "Opinion.objects.bulk_update(rows, ['status'])",
            "Opinion.objects.update_or_create(pk=1, defaults={'status': 'agreed'})",
            "changes.update(review, status='closed')",
            "project.stage = Stage.CLOSED",
            "review.status, review.summary = 'closed', ''",
            "setattr(review, 'status', 'closed')",
        ],
    )
    def test_bites(self, planted):
        assert list(state_writes(ast.parse(planted)))

    @pytest.mark.parametrize(
        "harmless",
        [
            "perform(project, 'submit', by=by, acting_as=role, on=on)",
            "sign(step, by=by, acting_as=role, on=on)",
            "from projects.views import signing\nsigning.sign(request, 1)",
            "changes.update(project, name='x')",
            "Project.objects.filter(stage='budget')",
            "class A:\n    def __init__(self, status):\n        self.status = status",
        ],
    )
    def test_lets_the_rest_be(self, harmless):
        assert not list(state_writes(ast.parse(harmless)))
