"""Whoever listens is told, as long as they listen."""

import asyncio
import threading

from qa.ui.server.notifier import Notifier


def test_a_change_is_told_to_all_who_listen_and_not_after_they_left():
    notifier = Notifier()

    async def listen():
        heard = []
        async for _ in notifier.changes():
            heard.append(len(heard))
            if len(heard) == 3:
                break
            threading.Timer(0.01, notifier.notify).start()
        return heard

    async def both():
        return await asyncio.wait_for(asyncio.gather(listen(), listen()), 5)

    assert asyncio.run(both()) == [[0, 1, 2], [0, 1, 2]]
    notifier.notify()
