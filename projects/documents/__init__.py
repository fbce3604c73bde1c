"""年度计划工作簿：列的声明、读入、写出。只认单元格，不判断法定条件。"""

from projects.documents.cells import Cells, cells_of, differences
from projects.documents.columns import (
    ESTIMATE,
    FUNDS,
    INDICATORS,
    PROJECTS,
    SHEETS,
    Column,
    Form,
)
from projects.documents.headers import Problem
from projects.documents.opening import Book, Sheet, open_book
from projects.documents.reading import Line, Lookups, Table, read_tables
from projects.documents.writing import marked_book, plan_book

__all__ = [
    "ESTIMATE",
    "FUNDS",
    "INDICATORS",
    "PROJECTS",
    "SHEETS",
    "Book",
    "Cells",
    "Column",
    "Form",
    "Line",
    "Lookups",
    "Problem",
    "Sheet",
    "Table",
    "cells_of",
    "differences",
    "marked_book",
    "open_book",
    "plan_book",
    "read_tables",
]
