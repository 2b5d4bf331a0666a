"""What a command that failed has to look like in the terminal."""


def assert_one_line(done, code, *told):
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("qa: ")
    for words in told:
        assert words in lines[0]
