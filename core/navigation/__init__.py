"""What hangs where: menus, tabs, worklists and acts that upper apps contribute to lower pages."""

from core.navigation.registry import (
    TodoItem,
    Way,
    act_url,
    add_act,
    add_documents,
    add_file_subject,
    add_menu,
    add_panel,
    add_site_link,
    add_tab,
    add_todo,
    add_waiting,
    add_way,
    panels_of,
    tabs_of,
    ways_of,
)

__all__ = [
    "TodoItem",
    "Way",
    "act_url",
    "add_act",
    "add_documents",
    "add_file_subject",
    "add_menu",
    "add_panel",
    "add_site_link",
    "add_tab",
    "add_todo",
    "add_waiting",
    "add_way",
    "panels_of",
    "tabs_of",
    "ways_of",
]
