"""开放数据：每发布一份公告，即有一份 OCDS 1.1 发布件；对照表见 docs/explanation/ocds.md。"""
