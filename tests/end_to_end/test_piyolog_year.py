"""A year of PiyoLog in Chinese, where a pumping session is a bare volume without a word: sessions and nothing else."""

import datetime
import random

from pipelines import run
from pipelines.store.tables import open_store

SESSIONS = 2_000
FIRST_DAY = datetime.date(2023, 3, 20)


def year(folder) -> tuple[int, list[int]]:
    """Write monthly exports; give the number of event lines and the volumes of the sessions in them."""
    chance = random.Random(7)
    months: dict[str, list[str]] = {}
    volumes: list[int] = []
    events, day = 0, FIRST_DAY
    while len(volumes) < SESSIONS:
        lines, fed = [], 0
        for hour in (5, 8, 11, 14, 17, 21):
            if len(volumes) < SESSIONS:
                volumes.append(chance.randrange(60, 190, 5))
                lines.append(f"{hour:02}:{chance.randrange(0, 60, 5):02}   {volumes[-1]}ml   ")
            amount = chance.randrange(50, 120, 10)
            fed += amount
            lines.append(f"{hour + 1:02}:10   瓶喂母乳 {amount}ml   ")
            lines.append(f"{hour + 1:02}:40   母乳 左 10分钟 → 右 5分钟   ")
            lines.append(f"{hour + 1:02}:50   {chance.choice(['尿尿', '便便', '洗澡'])}   ")
        events += len(lines)
        head = f"----------\n{day.year}年{day.month}月{day.day}日 周五\nB01  (0岁{day.month}月1日)\n"
        foot = f"母乳共  左 60分钟 / 右 30分钟\n瓶喂母乳共  6次 {fed}ml\n配方奶共  0次 0ml\n\n今天挤了 300ml 很累\n"
        block = "\n".join([head, *lines, "", foot])
        months.setdefault(f"{day.year}年{day.month}月", []).append(block)
        day += datetime.timedelta(days=1)
    for number, (month, blocks) in enumerate(months.items()):
        text = f"[Piyo日志]{month}\n\n" + "\n".join(blocks)
        (folder / f"log-{number:02}.txt").write_text(text, encoding="utf-8")
    return events, volumes


def test_a_year_holds_its_sessions_and_not_one_feed_or_daily_total(tmp_path):
    logs = tmp_path / "mother"
    logs.mkdir()
    events, volumes = year(logs)
    ledger = run.ingest([tmp_path], store=tmp_path / "store.duckdb")
    with open_store(tmp_path / "store.duckdb") as store:
        sessions = store.sessions.execute()
    assert len(sessions) == SESSIONS and sessions["participant_id"].nunique() == 1
    assert sorted(sessions["volume_ml"]) == sorted(volumes)
    assert (ledger.total.read, ledger.total.accepted, ledger.total.other) == (
        events,
        SESSIONS,
        events - SESSIONS,
    )
    again = run.ingest([tmp_path], store=tmp_path / "store.duckdb")
    assert not again.changed and again.total.accepted == 0
