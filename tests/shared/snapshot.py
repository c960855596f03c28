"""Every file below a folder, to be compared."""




def snapshot(root):
    """Every file below, by name, with its bytes, its time of change and its number on the disk."""
    return {
        str(path.relative_to(root)): (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
